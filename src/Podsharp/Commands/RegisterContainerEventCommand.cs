using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Register-ContainerEvent: runs a script block in this session for each event.</summary>
[Cmdlet(VerbsLifecycle.Register, "ContainerEvent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.None)]
[OutputType(typeof(PSEventJob))]
public sealed class RegisterContainerEventCommand : EventCmdlet
{
    private ContainerEventSource? source;

    /// <summary>What to run for each event: it finds the event in $EventArgs. Without it events wait for Get-Event and Wait-Event.</summary>
    [Parameter(Position = 1)]
    public ScriptBlock? Action { get; set; }

    /// <summary>The subscription's name, for Unregister-Event and Get-EventSubscriber; an invented one when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SourceIdentifier { get; set; }

    /// <summary>Ends the subscription after so many events.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxTriggerCount { get; set; }

    /// <summary>What the script block finds in $Event.MessageData.</summary>
    [Parameter]
    public PSObject? MessageData { get; set; }

    /// <summary>Sends the events to the session that this one is remote of.</summary>
    [Parameter]
    public SwitchParameter Forward { get; set; }

    /// <summary>Hides the subscription from Get-EventSubscriber.</summary>
    [Parameter]
    public SwitchParameter SupportEvent { get; set; }

    private protected override void AcceptRecord()
    {
        var identifier = SourceIdentifier ?? Guid.NewGuid().ToString();
        if (ShouldProcess(identifier, "Register container event"))
            Run(identifier, () => RegisterAsync(identifier));
    }

    private async Task RegisterAsync(string identifier)
    {
        var engine = Engine;
        var query = Query() with { Follow = true };
        source = await ContainerEventSource.OpenAsync(token => engine.GetEventsAsync(query, token), MaxTriggerCount);
        await OnPipelineAsync(() => Subscribe(source, identifier));
    }

    private void Subscribe(ContainerEventSource opened, string identifier)
    {
        if (!SupportEvent && Events.GetEventSubscribers(identifier).Any())
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.NameInUse("subscription", identifier, "another subscription"), identifier));
        var subscriber = Events.SubscribeEvent(opened, nameof(ContainerEventSource.Happened), identifier, MessageData, Action,
            SupportEvent, Forward, MaxTriggerCount);
        source = null; // it belongs to the subscription from now on
        if (subscriber.Action is { } job)
            WriteObject(job);
    }

    private protected override void Dispose(bool disposing) => source?.Stop();
}

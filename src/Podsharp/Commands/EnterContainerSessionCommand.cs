using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Terminal;

namespace Podsharp.Commands;

/// <summary>Enter-ContainerSession: gives the session's terminal to a container: to its own process, or to a command started in it.</summary>
[Cmdlet(VerbsCommon.Enter, "ContainerSession")]
[OutputType(typeof(void))]
[Alias("Attach-Container")]
public sealed class EnterContainerSessionCommand : EngineCmdlet
{
    /// <summary>The running container: its name or id.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ContainerNameTransformation]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>A command to start, such as sh; without one the terminal is attached to the container's own process.</summary>
    [Parameter(Position = 1, ValueFromRemainingArguments = true)]
    [CommandTransformation]
    public string[] Command { get; set; } = [];

    /// <summary>With -Command: USER[:GROUP]; the container's when not given.</summary>
    [Parameter]
    public string? User { get; set; }

    /// <summary>With -Command: variables on top of the container's.</summary>
    [Parameter]
    [DictionaryTransformation(Environment = true)]
    public Hashtable? Environment { get; set; }

    /// <summary>With -Command: the working directory; the container's when not given.</summary>
    [Parameter]
    public string? WorkingDirectory { get; set; }

    /// <summary>The keys that leave the session while the container goes on; '' for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string DetachKey { get; set; } = "ctrl-p,ctrl-q";

    private protected override void AcceptRecord()
    {
        var name = Name;
        Run(name, () => Command.Length > 0 ? ExecuteAsync(name) : AttachAsync(name));
    }

    private async Task ExecuteAsync(string name)
    {
        var session = await Engine.CreateExecAsync(name, new ExecSpec
        {
            Command = Command,
            Terminal = true,
            Input = true,
            User = User,
            WorkingDirectory = WorkingDirectory,
            Environment = DictionaryTransformationAttribute.ToStrings(Environment),
        }, Cancellation);
        await using (var stream = await Engine.StartExecAsync(session.Id, new AttachOptions { Input = true, Size = UserTerminal.Size }, Cancellation))
            if (await TerminalSession.RunAsync(stream, input: true, terminal: true, DetachKey, Cancellation))
                return;
        var exitCode = await Engine.WaitExecAsync(session.Id, Cancellation);
        await Engine.RemoveExecAsync(session.Id, Cancellation);
        await OnPipelineAsync(() => ReportExit(exitCode, $"the session in container \"{name}\"", name));
    }

    private async Task AttachAsync(string name)
    {
        var detail = await Engine.InspectContainerAsync(name, size: false, Cancellation);
        if (detail.Container.State is not (ContainerState.Running or ContainerState.Paused))
            throw EngineErrors.InvalidState(detail.Container.Id, $"container \"{detail.Container.Name}\" is not running",
                "start it with Start-Container, or run a new one with Invoke-ContainerImage");
        await using var stream = await Engine.AttachContainerAsync(name,
            new AttachOptions { Input = detail.Spec.Input, Size = detail.Spec.Terminal ? UserTerminal.Size : null }, Cancellation);
        await TerminalSession.RunAsync(stream, detail.Spec.Input, detail.Spec.Terminal, DetachKey, Cancellation);
    }
}

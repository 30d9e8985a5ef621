using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerEvent: what happened to containers, images and volumes.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerEvent")]
[OutputType(typeof(EngineEvent))]
public sealed class GetContainerEventCommand : EventCmdlet
{
    /// <summary>Not before: a date, or how long ago (a TimeSpan, 10m).</summary>
    [Parameter]
    [TimeTransformation]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Not after: a date, or how long ago (a TimeSpan, 10m).</summary>
    [Parameter]
    [TimeTransformation]
    public DateTimeOffset? Until { get; set; }

    private protected override void AcceptRecord() => Run(target: null, ReadAsync);

    private async Task ReadAsync()
    {
        await foreach (var happened in Engine.GetEventsAsync(Query() with { Since = Since, Until = Until }, Cancellation))
            await EmitAsync(happened);
    }
}

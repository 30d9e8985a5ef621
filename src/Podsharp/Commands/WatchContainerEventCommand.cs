using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Watch-ContainerEvent: events as they happen, until Ctrl+C or until the pipeline has enough.</summary>
[Cmdlet("Watch", "ContainerEvent")]
[OutputType(typeof(EngineEvent))]
public sealed class WatchContainerEventCommand : EventCmdlet
{
    /// <summary>Begins with those since then: a date, or how long ago (a TimeSpan, 10m).</summary>
    [Parameter]
    [TimeTransformation]
    public DateTimeOffset? Since { get; set; }

    /// <summary>How long to watch; until Ctrl+C when not given.</summary>
    [Parameter]
    public TimeSpan? Timeout { get; set; }

    private protected override void AcceptRecord() => Run(target: null, WatchAsync);

    private async Task WatchAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        if (Timeout is { } timeout)
            limit.CancelAfter(timeout);
        try
        {
            await foreach (var happened in Engine.GetEventsAsync(Query() with { Follow = true, Since = Since }, limit.Token))
                await EmitAsync(happened);
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            // The time is over, as was asked for.
        }
    }
}

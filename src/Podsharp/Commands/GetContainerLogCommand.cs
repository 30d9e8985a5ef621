using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerLog: what containers wrote, line by line.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerLog", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerLogEntry))]
public sealed class GetContainerLogCommand : ContainerCmdlet
{
    /// <summary>The last n lines only.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Not before: a date, or how long ago (a TimeSpan, 10m).</summary>
    [Parameter]
    [TimeTransformation]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Not after: a date, or how long ago (a TimeSpan, 10m).</summary>
    [Parameter]
    [TimeTransformation]
    public DateTimeOffset? Until { get; set; }

    /// <summary>Waits for more until the container ends.</summary>
    [Parameter]
    [Alias("Wait")]
    public SwitchParameter Follow { get; set; }

    /// <summary>Shows each line's time. The objects hold it in any case.</summary>
    [Parameter]
    [Alias("Timestamps")]
    public SwitchParameter Timestamp { get; set; }

    /// <summary>Only what was written to this stream.</summary>
    [Parameter]
    public OutputStream? Stream { get; set; }

    // Without -Follow one log after the other, so that the lines of one stay together.
    private protected override int Parallelism => Follow ? int.MaxValue : 1;

    private protected override void Accept(ContainerTarget target) => Run(target.ErrorTarget, () => ReadAsync(target));

    private async Task ReadAsync(ContainerTarget target)
    {
        var query = new LogQuery
        {
            Follow = Follow,
            Tail = Tail,
            Since = Since,
            Until = Until,
            Output = Stream is null or OutputStream.Output,
            Error = Stream is null or OutputStream.Error,
        };
        await foreach (var entry in Engine.GetLogsAsync(target.Key, query, Cancellation))
            await EmitAsync(View(entry));
    }

    // Another type name chooses the view that shows the time.
    private object View(ContainerLogEntry entry)
    {
        if (!Timestamp)
            return entry;
        var view = new PSObject(entry);
        view.TypeNames.Insert(0, typeof(ContainerLogEntry).FullName + "#Timestamp");
        return view;
    }
}

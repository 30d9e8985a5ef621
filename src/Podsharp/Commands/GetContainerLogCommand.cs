using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerLog: what containers wrote, line by line; of several containers in the order of time.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerLog", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerLogEntry))]
public sealed class GetContainerLogCommand : ContainerCmdlet
{
    private const string PodSet = "Pod";

    /// <summary>Pods whose containers' logs are read, merged: names, ids or pods.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PodSet)]
    [PodNameTransformation(Pods = true)]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string[]? Pod { get; set; }

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

    private readonly List<ContainerTarget> targets = [];

    private protected override void Accept(ContainerTarget target) => targets.Add(target);

    private protected override void AcceptRecord()
    {
        if (Pod is null)
            base.AcceptRecord();
    }

    private protected override int Parallelism => 1;

    // One after the other: this work begins when the wildcards before it have found all containers.
    private protected override void AcceptEnd() => Run(target: null, ReadAsync);

    private async Task ReadAsync()
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
        foreach (var pod in Pod ?? [])
            await AddPodAsync(pod);
        var logs = targets.Select(target => Engine.GetLogsAsync(target.Key, query, Cancellation)).ToArray();
        await foreach (var entry in LogMerger.MergeAsync(logs, Follow, (index, error) => ErrorAsync(error, targets[index].ErrorTarget), Cancellation))
            await EmitAsync(View(entry));
    }

    private async Task AddPodAsync(string nameOrId)
    {
        try
        {
            await foreach (var pod in Engine.ListPodsAsync(new PodQuery { NamesOrIds = [nameOrId] }, Cancellation))
                targets.AddRange(pod.Containers.Select(container => ContainerTarget.Of(container.Id)));
        }
        catch (ContainerEngineException error)
        {
            await ErrorAsync(error, nameOrId);
        }
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

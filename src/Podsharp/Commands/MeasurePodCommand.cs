using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Measure-Pod: what the running containers of pods use of CPU, memory, network and disks, now or time and again.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Pod", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerUsage))]
public sealed class MeasurePodCommand : PodCmdlet
{
    private readonly List<PodTarget> targets = [];

    /// <summary>Measures time and again, until Ctrl+C or until a command further on has enough. Containers may come and go.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>With -Continuous: the seconds between two measurements.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(1, 86400)]
    public int Interval { get; set; } = 5;

    private protected override void Accept(PodTarget target)
    {
        if (Continuous)
            targets.Add(target);
        else
            Run(target.ErrorTarget, () => WatchAsync([target]));
    }

    // One after the other: the watch begins when the wildcards before it have found all pods.
    private protected override int Parallelism => Continuous ? 1 : base.Parallelism;

    private protected override void AcceptEnd()
    {
        if (Continuous)
            Run(target: null, async () => await OnPipelineAsync(Begin));
    }

    private void Begin()
    {
        if (targets.Count > 0)
            Run(targets[0].ErrorTarget, () => WatchAsync(targets));
    }

    private async Task WatchAsync(IReadOnlyList<PodTarget> pods)
    {
        var query = new UsageQuery { Pods = [.. pods.Select(pod => pod.Key)], Interval = Continuous ? TimeSpan.FromSeconds(Interval) : null };
        await foreach (var sample in Engine.WatchUsageAsync(query, Cancellation))
            foreach (var usage in sample.Containers)
                await EmitAsync(usage);
    }
}

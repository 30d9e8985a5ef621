using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Measure-Container: what running containers use of CPU, memory, network and disks, now or time and again.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Container", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerUsage))]
public sealed class MeasureContainerCommand : ContainerCmdlet
{
    private readonly List<string> watched = [];
    private readonly List<WildcardPattern> patterns = [];

    /// <summary>Measures time and again, until Ctrl+C or until a command further on has enough. With wildcards containers may come and go.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>With -Continuous: the seconds between two measurements.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(1, 86400)]
    public int Interval { get; set; } = 5;

    private protected override bool Matches(Container container) => container.State is ContainerState.Running or ContainerState.Paused;

    private protected override void AcceptRecord()
    {
        foreach (var name in Continuous ? Name ?? [] : [])
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                patterns.Add(WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant));
            else
                watched.Add(name);
        }
        if (Continuous && Name is not null)
            return;
        base.AcceptRecord();
    }

    private protected override void Accept(ContainerTarget target)
    {
        if (Continuous)
            watched.Add(target.Key);
        else
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.GetUsageAsync(target.Key, Cancellation)));
    }

    private protected override void AcceptEnd()
    {
        if (watched.Count > 0)
            Run(watched[0], () => WatchAsync(watched, _ => true));
        if (patterns.Count > 0)
            Run(target: null, () => WatchAsync([], usage => patterns.Exists(pattern => pattern.IsMatch(usage.Name))));
    }

    private async Task WatchAsync(IReadOnlyList<string> names, Func<ContainerUsage, bool> isMeant)
    {
        var query = new UsageQuery { NamesOrIds = names, Interval = TimeSpan.FromSeconds(Interval) };
        await foreach (var sample in Engine.WatchUsageAsync(query, Cancellation))
            foreach (var usage in sample.Containers.Where(isMeant))
                await EmitAsync(usage);
    }
}

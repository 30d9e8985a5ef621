using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Clear-ContainerStorage: removes what nothing uses.</summary>
[Cmdlet(VerbsCommon.Clear, "ContainerStorage", SupportsShouldProcess = true, DefaultParameterSetName = UnusedSet)]
[OutputType(typeof(PruneReport))]
public sealed class ClearContainerStorageCommand : EngineCmdlet
{
    private const string UnusedSet = "Unused";
    private const string LeftoverSet = "Leftover";

    /// <summary>All images that no container uses, not only those without a name.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    [Alias("All")]
    public SwitchParameter AllImages { get; set; }

    /// <summary>Volumes that no container uses, too.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    [Alias("Volumes")]
    public SwitchParameter Volume { get; set; }

    /// <summary>Containers that a build of podman or buildah has left, too.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public SwitchParameter Build { get; set; }

    /// <summary>What commands of builds keep from one to the next (RUN --mount=type=cache), too.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public SwitchParameter BuildCache { get; set; }

    /// <summary>Only those with all of these labels: NAME, or NAME=value, or a hashtable.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public object[]? Label { get; set; }

    /// <summary>podman's filters: a hashtable of label, label! and until.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public Hashtable? Filter { get; set; }

    /// <summary>Files in the image store that no record names, and nothing else.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LeftoverSet)]
    [Alias("External")]
    public SwitchParameter Leftover { get; set; }

    private protected override void AcceptRecord() => Run(target: null, ClearAsync);

    // What is agreed to on the pipeline thread is removed by the engine in one go, kind by kind.
    private async Task ClearAsync()
    {
        var options = Options();
        var agreed = new List<string>();
        await foreach (var plan in Engine.PruneStorageAsync(options with { DryRun = true }, Cancellation))
            await AskAsync(plan, agreed);
        if (agreed.Count == 0)
            return;
        await foreach (var report in Engine.PruneStorageAsync(options with { Only = agreed }, Cancellation))
            await EmitAsync(report);
    }

    private Task AskAsync(PruneReport plan, List<string> agreed) => OnPipelineAndWaitAsync(() =>
    {
        var what = plan.Kind.ToString().ToLowerInvariant();
        var target = plan.Size > 0 ? $"{plan} ({Display.Size(plan.Size)})" : plan.ToString();
        if (ShouldProcess($"Remove {what} {target}", $"Remove {what} {target}?", "Clear-ContainerStorage", out var reason))
            agreed.Add(plan.Id);
        else if (reason == ShouldProcessReason.WhatIf)
            WriteObject(plan);
    });

    private PruneOptions Options() => new()
    {
        Kinds = Leftover ? [StorageKind.Leftover] : [.. PruneOptions.Everyday, .. Volume ? [StorageKind.Volume] : Array.Empty<StorageKind>(), .. BuildCache ? [StorageKind.BuildCache] : Array.Empty<StorageKind>()],
        AllImages = AllImages,
        BuildContainers = Build,
        Filters = Filters.Read(Filter, Label),
    };
}

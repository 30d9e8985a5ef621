using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Remove-ContainerVolume: removes volumes with their content; or those that no container uses.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerVolume", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PruneReport))]
public sealed class RemoveContainerVolumeCommand : VolumeCmdlet
{
    private const string UnusedSet = "Unused";

    /// <summary>Also removes the containers that use it.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = ObjectSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>With -Force: how long such a container may take to stop, in seconds or as a time span.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = ObjectSet)]
    [SecondsTransformation]
    public int? Timeout { get; set; }

    /// <summary>Removes all that no container uses; -WhatIf shows which, and what that would free.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UnusedSet)]
    public SwitchParameter Unused { get; set; }

    /// <summary>Only those with all of these labels: NAME, or NAME=value, or a hashtable.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public object[]? Label { get; set; }

    /// <summary>podman's filters: a hashtable of label, label!, name, driver, opt, until and since.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public Hashtable? Filter { get; set; }

    private protected override void AcceptRecord()
    {
        if (Unused)
            Run(target: null, RemoveUnusedAsync);
        else
            base.AcceptRecord();
    }

    private protected override void Accept(string name, object target)
    {
        if (ShouldProcess(name, "Remove volume with all that is in it"))
            Run(target, () => Engine.RemoveVolumeAsync(name, Force, Timeout, Cancellation));
    }

    private async Task RemoveUnusedAsync()
    {
        var options = new PruneOptions { Kinds = [StorageKind.Volume], Filters = Filters.Read(Filter, Label) };
        var agreed = new List<string>();
        await foreach (var plan in Engine.PruneStorageAsync(options with { DryRun = true }, Cancellation))
            await OnPipelineAndWaitAsync(() =>
            {
                var target = $"{plan} ({Display.Size(plan.Size)})";
                if (ShouldProcess($"Remove volume {target}", $"Remove volume {target}?", "Remove-ContainerVolume", out var reason))
                    agreed.Add(plan.Id);
                else if (reason == ShouldProcessReason.WhatIf)
                    WriteObject(plan);
            });
        if (agreed.Count == 0)
            return;
        await foreach (var report in Engine.PruneStorageAsync(options with { Only = agreed }, Cancellation))
            await EmitAsync(report);
    }
}

using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Remove-ContainerNetwork: removes networks, or those that no container uses.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerNetwork", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[Alias("Remove-ContainerNet")]
[OutputType(typeof(PruneReport))]
public sealed class RemoveContainerNetworkCommand : NetworkCmdlet
{
    private const string UnusedSet = "Unused";

    /// <summary>Removes the containers that use it first; a network that isn't there is no error.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = ObjectSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>With -Force: how long containers have to end (seconds, or a TimeSpan).</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = ObjectSet)]
    [SecondsTransformation]
    public int? Timeout { get; set; }

    /// <summary>Removes all that no container uses; -WhatIf shows which.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UnusedSet)]
    public SwitchParameter Unused { get; set; }

    /// <summary>Only those with all of these labels: NAME, or NAME=value, or a hashtable.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public object[]? Label { get; set; }

    /// <summary>podman's filters for unused networks: a hashtable of label, label! and until.</summary>
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
        if (ShouldProcess(name, Force ? "Remove network and its containers" : "Remove network"))
            Run(target, () => Engine.RemoveNetworkAsync(name, new NetworkRemoveOptions { Force = Force, Timeout = Timeout }, Cancellation));
    }

    private async Task RemoveUnusedAsync()
    {
        var options = new PruneOptions { Kinds = [StorageKind.Network], Filters = Filters.Read(Filter, Label) };
        var agreed = new List<string>();
        await foreach (var plan in Engine.PruneStorageAsync(options with { DryRun = true }, Cancellation))
            await OnPipelineAndWaitAsync(() =>
            {
                if (ShouldProcess($"Remove network {plan}", $"Remove network {plan}?", "Remove-ContainerNetwork", out var reason))
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

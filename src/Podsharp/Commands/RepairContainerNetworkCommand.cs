using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Repair-ContainerNetwork: makes the interfaces and firewall rules of running containers anew, takes away what killed programs have left, and
/// emits the containers.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerNetwork", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container), typeof(StorageFinding))]
public sealed class RepairContainerNetworkCommand : ContainerCmdlet
{
    private const string LeftoverSet = "Leftover";

    private static readonly FindingKind[] Leftovers = [FindingKind.LeakedNamespace, FindingKind.PortRules, FindingKind.NetworkName, FindingKind.AddressLease];

    /// <summary>Takes away what containers that are gone or don't run have left: namespaces, port rules, names. Emits a finding for each.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LeftoverSet)]
    public SwitchParameter Leftover { get; set; }

    private protected override void AcceptRecord()
    {
        if (Leftover)
            Run(target: null, SweepAsync);
        else
            base.AcceptRecord();
    }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Make interfaces and firewall rules anew (open connections may drop)"))
            Run(target.ErrorTarget, () => RepairAsync(target.Key));
    }

    private async Task SweepAsync()
    {
        var check = new StorageCheckOptions { Quick = true };
        var agreed = new List<StorageFinding>();
        foreach (var finding in (await Engine.CheckStorageAsync(check, Cancellation)).Findings.Where(finding => Leftovers.Contains(finding.Kind)))
        {
            if (finding.Cost == RepairCost.Nothing)
                await AskAsync(finding, agreed);
            else
                await EmitAsync(finding);
        }
        if (agreed.Count == 0)
            return;
        var report = await Engine.RepairStorageAsync(new() { Check = check, Highest = RepairCost.Nothing, Only = agreed }, Cancellation);
        foreach (var finding in report.Findings.Where(finding => finding.Repaired || finding.Failure.Length > 0))
            await EmitAsync(finding);
    }

    private Task AskAsync(StorageFinding finding, List<StorageFinding> agreed) => OnPipelineAndWaitAsync(() =>
    {
        if (ShouldProcess($"Repair {finding}: {finding.Remedy}", $"Repair {finding}: {finding.Remedy}?", "Repair-ContainerNetwork", out var reason))
            agreed.Add(finding);
        else if (reason == ShouldProcessReason.WhatIf)
            WriteObject(finding);
    });

    private async Task RepairAsync(string key)
    {
        var id = await Engine.ReloadNetworkAsync(key, Cancellation);
        await foreach (var container in Engine.ListContainersAsync(new ContainerQuery { All = true, NamesOrIds = [id] }, Cancellation))
            await EmitAsync(container);
    }
}

using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Repair-ContainerStorage: repairs what Test-ContainerStorage finds.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ContainerStorage", SupportsShouldProcess = true)]
[OutputType(typeof(StorageFinding))]
public sealed class RepairContainerStorageCommand : EngineCmdlet
{
    /// <summary>Also what costs containers with the files that they have written. Without it images are the most that a repair costs.</summary>
    [Parameter]
    [Alias("Force")]
    public SwitchParameter Lossy { get; set; }

    /// <summary>Leaves out what reads all layers: whether their files are those that were stored.</summary>
    [Parameter]
    public SwitchParameter Quick { get; set; }

    /// <summary>How old a layer may be that nothing uses; a day when not given.</summary>
    [Parameter]
    public TimeSpan MaximumAge { get; set; } = new StorageCheckOptions().MaximumAge;

    private protected override void AcceptRecord() => Run(target: null, RepairAsync);

    private async Task RepairAsync()
    {
        var check = new StorageCheckOptions { Quick = Quick, MaximumAge = MaximumAge };
        var highest = Lossy ? RepairCost.Containers : RepairCost.Images;
        var agreed = new List<StorageFinding>();
        foreach (var finding in (await Engine.CheckStorageAsync(check, Cancellation)).Findings)
        {
            if (finding.Cost == RepairCost.Impossible || finding.Cost > highest)
                await EmitAsync(finding);
            else
                await AskAsync(finding, agreed);
        }
        if (agreed.Count == 0)
            return;
        var report = await Engine.RepairStorageAsync(new() { Check = check, Highest = highest, Only = agreed }, Cancellation);
        foreach (var finding in report.Findings.Where(finding => finding.Repaired || finding.Failure.Length > 0))
            await EmitAsync(finding);
    }

    private Task AskAsync(StorageFinding finding, List<StorageFinding> agreed) => OnPipelineAndWaitAsync(() =>
    {
        var target = finding.Path.Length > 0 ? $"{finding} ({finding.Path})" : finding.ToString();
        if (ShouldProcess($"Repair {target}: {finding.Remedy}", $"Repair {target}: {finding.Remedy}?", "Repair-ContainerStorage", out var reason))
            agreed.Add(finding);
        else if (reason == ShouldProcessReason.WhatIf)
            WriteObject(finding);
    });
}

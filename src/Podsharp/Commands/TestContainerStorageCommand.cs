using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-ContainerStorage: whether anything is damaged or left over.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerStorage")]
[OutputType(typeof(StorageCheckReport))]
[OutputType(typeof(bool))]
public sealed class TestContainerStorageCommand : EngineCmdlet
{
    /// <summary>Leaves out what reads all layers: whether their files are those that were stored.</summary>
    [Parameter]
    public SwitchParameter Quick { get; set; }

    /// <summary>How old a layer may be that nothing uses; a day when not given.</summary>
    [Parameter]
    public TimeSpan MaximumAge { get; set; } = new StorageCheckOptions().MaximumAge;

    /// <summary>Emits only whether all is well.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void AcceptRecord() => Run(target: null, TestAsync);

    private async Task TestAsync()
    {
        var report = await Engine.CheckStorageAsync(new() { Quick = Quick, MaximumAge = MaximumAge }, Cancellation);
        await EmitAsync(Quiet ? report.Healthy : report);
    }
}

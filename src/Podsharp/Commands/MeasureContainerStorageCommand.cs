using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Measure-ContainerStorage: how much space images, containers and volumes take.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "ContainerStorage")]
[OutputType(typeof(StorageUsage))]
[OutputType(typeof(StorageItem))]
public sealed class MeasureContainerStorageCommand : EngineCmdlet
{
    /// <summary>Each image, container and volume by itself, as StorageItem objects.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override void AcceptRecord() => Run(target: null, MeasureAsync);

    private async Task MeasureAsync()
    {
        foreach (var usage in await Engine.MeasureStorageAsync(Cancellation))
        {
            if (!Detailed)
                await EmitAsync(usage);
            else
                foreach (var item in usage.Items)
                    await EmitAsync(item);
        }
    }
}

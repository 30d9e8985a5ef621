using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Sync-ContainerVolume: brings what is noted of volumes in line with the host.</summary>
[Cmdlet(VerbsData.Sync, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class SyncContainerVolumeCommand : EngineCmdlet
{
    private protected override void AcceptRecord()
    {
        if (ShouldProcess("all volumes", "Bring in line with the host"))
            Run(target: null, SyncAsync);
    }

    private async Task SyncAsync()
    {
        await Engine.ReloadVolumesAsync(Cancellation);
        await foreach (var volume in Engine.ListVolumesAsync(new(), Cancellation))
            await EmitAsync(volume);
    }
}

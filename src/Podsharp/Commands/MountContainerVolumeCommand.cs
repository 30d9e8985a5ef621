using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Mount-ContainerVolume: mounts on the host what volumes' drivers mount.</summary>
[Cmdlet(VerbsData.Mount, "ContainerVolume", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class MountContainerVolumeCommand : VolumeCmdlet
{
    private protected override void Accept(string name, object target)
    {
        if (ShouldProcess(name, "Mount volume"))
            Run(target, async () => await EmitAsync(await Engine.MountVolumeAsync(name, Cancellation)));
    }
}

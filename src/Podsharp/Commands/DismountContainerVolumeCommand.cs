using System.Management.Automation;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Dismount-ContainerVolume: takes back what Mount-ContainerVolume did.</summary>
[Cmdlet(VerbsData.Dismount, "ContainerVolume", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DismountContainerVolumeCommand : VolumeCmdlet
{
    private protected override void Accept(string name, object target)
    {
        if (ShouldProcess(name, "Unmount volume"))
            Run(target, () => Engine.UnmountVolumeAsync(name, Cancellation));
    }
}

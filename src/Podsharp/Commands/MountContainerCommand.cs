using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Mount-Container: mounts containers' root file systems on the host.</summary>
[Cmdlet(VerbsData.Mount, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerRootMount))]
public sealed class MountContainerCommand : ContainerCmdlet
{
    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Mount root file system"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.MountContainerAsync(target.Key, Cancellation)));
    }
}

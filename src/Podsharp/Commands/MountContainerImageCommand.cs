using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Mount-ContainerImage: mounts images' root file systems on the host, to be read only.</summary>
[Cmdlet(VerbsData.Mount, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImageMount))]
public sealed class MountContainerImageCommand : ImageCmdlet
{
    private protected override void Accept(ImageTarget target)
    {
        if (ShouldProcess(target.Display, "Mount image"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.MountImageAsync(target.Key, Cancellation)));
    }
}

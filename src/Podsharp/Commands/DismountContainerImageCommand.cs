using System.Management.Automation;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Dismount-ContainerImage: takes back what Mount-ContainerImage did.</summary>
[Cmdlet(VerbsData.Dismount, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DismountContainerImageCommand : ImageCmdlet
{
    /// <summary>Unmounts however often it was mounted.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Accept(ImageTarget target)
    {
        if (ShouldProcess(target.Display, "Unmount image"))
            Run(target.ErrorTarget, () => Engine.UnmountImageAsync(target.Key, Force, Cancellation));
    }
}

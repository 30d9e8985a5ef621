using System.Management.Automation;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Dismount-Container: takes back what Mount-Container did.</summary>
[Cmdlet(VerbsData.Dismount, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DismountContainerCommand : ContainerCmdlet
{
    /// <summary>Unmounts however often it was mounted.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Unmount root file system"))
            Run(target.ErrorTarget, () => Engine.UnmountContainerAsync(target.Key, Force, Cancellation));
    }
}

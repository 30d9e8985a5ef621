using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Remove-Container: removes containers.</summary>
[Cmdlet(VerbsCommon.Remove, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveContainerCommand : ContainerCmdlet
{
    /// <summary>Stops it first if it runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Also removes its anonymous volumes.</summary>
    [Parameter]
    [Alias("Volumes")]
    public SwitchParameter Volume { get; set; }

    /// <summary>With -Force: seconds between the stop signal and SIGKILL.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(-1, int.MaxValue)]
    public int? Timeout { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Remove container"))
            Run(target.ErrorTarget, () => Engine.RemoveContainerAsync(target.Key,
                new RemoveOptions { Force = Force, Volumes = Volume, Timeout = Timeout }, Cancellation));
    }
}

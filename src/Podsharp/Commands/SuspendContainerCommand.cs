using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Suspend-Container: freezes the processes of containers and emits the containers.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SuspendContainerCommand : ContainerCmdlet
{
    /// <summary>Taken for scripts that follow PowerShell's habit; the containers are emitted in any case.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter PassThru { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Pause container"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.PauseContainerAsync(target.Key, Cancellation)));
    }
}

using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Start-Container: starts containers and emits them.</summary>
[Cmdlet(VerbsLifecycle.Start, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class StartContainerCommand : ContainerCmdlet
{
    /// <summary>Taken for scripts that follow PowerShell's habit; the containers are emitted in any case.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter PassThru { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Start container"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.StartContainerAsync(target.Key, Cancellation)));
    }
}

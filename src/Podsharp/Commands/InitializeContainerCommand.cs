using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Initialize-Container: sets containers up without starting their processes, and emits them.</summary>
[Cmdlet(VerbsData.Initialize, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class InitializeContainerCommand : ContainerCmdlet
{
    /// <summary>Taken for scripts that follow PowerShell's habit; the containers are emitted in any case.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter PassThru { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Initialize container"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.InitializeContainerAsync(target.Key, Cancellation)));
    }
}

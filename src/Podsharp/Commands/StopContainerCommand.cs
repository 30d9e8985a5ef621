using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Stop-Container: asks containers to end, kills those that don't in time, and emits them.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class StopContainerCommand : ContainerCmdlet
{
    /// <summary>Seconds between the stop signal and SIGKILL; the container's own when not given, -1 for no end.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(-1, int.MaxValue)]
    public int? Timeout { get; set; }

    /// <summary>Kills at once, without the stop signal.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Taken for scripts that follow PowerShell's habit; the containers are emitted in any case.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter PassThru { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, Force ? "Kill container" : "Stop container"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.StopContainerAsync(target.Key,
                new StopOptions { Timeout = Force ? 0 : Timeout }, Cancellation)));
    }
}

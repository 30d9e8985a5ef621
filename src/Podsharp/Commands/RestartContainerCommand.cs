using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Restart-Container: stops containers, starts them again and emits them.</summary>
[Cmdlet(VerbsLifecycle.Restart, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RestartContainerCommand : ContainerCmdlet
{
    /// <summary>Seconds between the stop signal and SIGKILL; the container's own when not given.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(-1, int.MaxValue)]
    public int? Timeout { get; set; }

    /// <summary>Taken for scripts that follow PowerShell's habit; the containers are emitted in any case.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter PassThru { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Restart container"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.RestartContainerAsync(target.Key, Timeout, Cancellation)));
    }
}

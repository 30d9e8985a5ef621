using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Restart-Pod: stops and starts all containers of pods and emits the pods.</summary>
[Cmdlet(VerbsLifecycle.Restart, "Pod", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Pod))]
public sealed class RestartPodCommand : PodCmdlet
{
    /// <summary>Seconds between the stop signal and SIGKILL; each container's own when not given, -1 for no end.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(-1, int.MaxValue)]
    public int? Timeout { get; set; }

    /// <summary>Kills at once, without the stop signal.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Accept(PodTarget target)
    {
        if (ShouldProcess(target.Display, "Restart pod"))
            RunOnContainers(target, () => Engine.RestartPodAsync(target.Key, Force ? 0 : Timeout, Cancellation));
    }
}

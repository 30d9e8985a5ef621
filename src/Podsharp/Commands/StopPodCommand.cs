using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Stop-Pod: stops the containers of pods and emits the pods.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Pod", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Pod))]
public sealed class StopPodCommand : PodCmdlet
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
        if (ShouldProcess(target.Display, "Stop pod"))
            RunOnContainers(target, () => Engine.StopPodAsync(target.Key, Force ? 0 : Timeout, Cancellation));
    }
}

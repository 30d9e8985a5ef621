using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Suspend-Pod: freezes the processes of pods and emits the pods.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "Pod", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Pod))]
public sealed class SuspendPodCommand : PodCmdlet
{
    private protected override void Accept(PodTarget target)
    {
        if (ShouldProcess(target.Display, "Pause pod"))
            RunOnContainers(target, () => Engine.PausePodAsync(target.Key, Cancellation));
    }
}

using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Start-Pod: starts the containers of pods, after their init containers, and emits the pods.</summary>
[Cmdlet(VerbsLifecycle.Start, "Pod", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Pod))]
public sealed class StartPodCommand : PodCmdlet
{
    private protected override void Accept(PodTarget target)
    {
        if (ShouldProcess(target.Display, "Start pod"))
            RunOnContainers(target, () => Engine.StartPodAsync(target.Key, Cancellation));
    }
}

using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Resume-Pod: lets the processes of paused pods go on and emits the pods.</summary>
[Cmdlet(VerbsLifecycle.Resume, "Pod", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Pod))]
public sealed class ResumePodCommand : PodCmdlet
{
    private protected override void Accept(PodTarget target)
    {
        if (ShouldProcess(target.Display, "Resume pod"))
            RunOnContainers(target, () => Engine.ResumePodAsync(target.Key, Cancellation));
    }
}

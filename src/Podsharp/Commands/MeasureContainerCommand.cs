using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Measure-Container: what running containers use of CPU, memory, network and disks.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Container", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerUsage))]
public sealed class MeasureContainerCommand : ContainerCmdlet
{
    private protected override bool Matches(Container container) => container.State is ContainerState.Running or ContainerState.Paused;

    private protected override void Accept(ContainerTarget target) =>
        Run(target.ErrorTarget, async () => await EmitAsync(await Engine.GetUsageAsync(target.Key, Cancellation)));
}

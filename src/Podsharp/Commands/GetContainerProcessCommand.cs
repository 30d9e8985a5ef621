using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerProcess: the processes in running containers.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerProcess", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerProcessInfo))]
public sealed class GetContainerProcessCommand : ContainerCmdlet
{
    /// <summary>Further descriptors of podman top (huser, label, seccomp ...), found in the Fields property.</summary>
    [Parameter]
    public string[] Descriptor { get; set; } = [];

    private protected override bool Matches(Container container) => container.State is ContainerState.Running or ContainerState.Paused;

    private protected override void Accept(ContainerTarget target) => Run(target.ErrorTarget, async () =>
    {
        await foreach (var process in Engine.GetProcessesAsync(target.Key, Descriptor, Cancellation))
            await EmitAsync(process);
    });
}

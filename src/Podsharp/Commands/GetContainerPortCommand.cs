using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerPort: the published ports of containers, one by one.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerPort", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PortMapping))]
public sealed class GetContainerPortCommand : ContainerCmdlet
{
    /// <summary>Only these ports of the container.</summary>
    [Parameter(Position = 1)]
    [ValidateRange(1, 65535)]
    public int[]? Port { get; set; }

    /// <summary>Only those of this protocol.</summary>
    [Parameter]
    [ValidateSet("tcp", "udp", "sctp")]
    public string? Protocol { get; set; }

    private protected override void Accept(ContainerTarget target) => Run(target.ErrorTarget, () => EmitPortsAsync(target));

    private async Task EmitPortsAsync(ContainerTarget target)
    {
        await foreach (var container in Engine.ListContainersAsync(new ContainerQuery { All = true, NamesOrIds = [target.Key] }, Cancellation))
            foreach (var port in PublishedPorts.Single(container.Ports))
                if ((Port is null || Port.Contains(port.ContainerPort))
                    && (Protocol is null || port.Protocol.Equals(Protocol, StringComparison.OrdinalIgnoreCase)))
                    await EmitAsync(port);
    }
}

using System.Management.Automation;
using System.Net;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Connect-ContainerNetwork: connects containers to a network, at once where they run, and emits what each got there.</summary>
[Cmdlet(VerbsCommunications.Connect, "ContainerNetwork", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(NetworkStatus))]
public sealed class ConnectContainerNetworkCommand : ContainerCmdlet
{
    private NetworkAttachment attachment = new();

    /// <summary>The network: its name, its id or the beginning of its id.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string Network { get; set; } = "";

    /// <summary>Further names in the network's DNS.</summary>
    [Parameter]
    [Alias("NetworkAlias")]
    public string[] Alias { get; set; } = [];

    /// <summary>The IPv4 address to have.</summary>
    [Parameter]
    [Alias("Ip")]
    public IPAddress? IPAddress { get; set; }

    /// <summary>The IPv6 address to have.</summary>
    [Parameter]
    [Alias("Ip6")]
    public IPAddress? IPv6Address { get; set; }

    /// <summary>The MAC address to have.</summary>
    [Parameter]
    [Alias("Mac")]
    public string? MacAddress { get; set; }

    /// <summary>The interface's name in the container; eth0, eth1 ... when not given.</summary>
    [Parameter]
    public string? InterfaceName { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        attachment = NetworkParser.Apply(NamespaceMode.Default, [new NetworkAttachment { Network = Network, InterfaceName = InterfaceName }],
            IPAddress?.ToString(), IPv6Address?.ToString(), MacAddress, Alias)[0];
    }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, $"Connect to network {Network}"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.ConnectNetworkAsync(target.Key, attachment, Cancellation)));
    }
}

namespace Podsharp.Model;

/// <summary>What a container got in one network.</summary>
public sealed record NetworkStatus
{
    /// <summary>The network's name.</summary>
    public required string Network { get; init; }
    /// <summary>The network's id.</summary>
    public string NetworkId { get; init; } = "";
    /// <summary>Interface name in the container.</summary>
    public string InterfaceName { get; init; } = "";
    /// <summary>MAC address.</summary>
    public string MacAddress { get; init; } = "";
    /// <summary>Addresses with prefix length (<c>10.89.0.2/24</c>).</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];
    /// <summary>Gateways, one per address at most.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];
    /// <summary>DNS servers of the network.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];
    /// <summary>DNS search domains of the network.</summary>
    public IReadOnlyList<string> DnsSearch { get; init; } = [];
    /// <summary>Names in the network's DNS.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

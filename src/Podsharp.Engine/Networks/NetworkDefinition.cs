using System.Net;
using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>A network as its file defines it (podman's network files, netavark's <c>network_info</c>).</summary>
internal sealed record NetworkDefinition
{
    /// <summary>The label on networks whose addresses this engine gives out. Its value: <see cref="WholeOwner"/>, or the ranges that are ours
    /// (<c>10.89.0.1-10.89.0.127</c>), separated by commas.</summary>
    internal const string OwnerLabel = "io.podsharp.network";

    /// <summary>Ours is what lies before podman's lease range.</summary>
    internal const string WholeOwner = "own";

    /// <summary>The address management in which podman and we give addresses out.</summary>
    internal const string HostLocal = "host-local";

    /// <summary>The driver whose networks the host itself is on, as their gateway.</summary>
    internal const string Bridge = "bridge";

    /// <summary>The unique name.</summary>
    public required string Name { get; init; }

    /// <summary>64 hexadecimal characters.</summary>
    public required string Id { get; init; }

    /// <summary>bridge, macvlan, ipvlan or a plug-in's name.</summary>
    public string Driver { get; init; } = "bridge";

    /// <summary>The bridge, or the parent interface.</summary>
    public string Interface { get; init; } = "";

    /// <summary>The subnets; one address of each goes to a container.</summary>
    public IReadOnlyList<NetworkSubnet> Subnets { get; init; } = [];

    /// <summary>Whether containers find each other by name.</summary>
    public bool DnsEnabled { get; init; }

    /// <summary>Without a way to the outside.</summary>
    public bool Internal { get; init; }

    /// <summary>Whether it has IPv6.</summary>
    public bool IPv6Enabled { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Routes for its containers.</summary>
    public IReadOnlyList<NetworkRoute> Routes { get; init; } = [];

    /// <summary>Where its name server forwards to; empty: the host's servers.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];

    /// <summary>The driver's options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = EmptyDictionary.Strings;

    /// <summary>Who gives addresses out: host-local (podman or we), dhcp, none.</summary>
    public string IpamDriver { get; init; } = HostLocal;

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The file's whole content: what netavark gets, unknown members included.</summary>
    public JsonElement Raw { get; init; }

    /// <summary>Whether this engine gives out its addresses. Those of other networks belong to podman's ipam.db, which we don't write.</summary>
    public bool IsOwn => Labels.ContainsKey(OwnerLabel);

    /// <summary>Whether containers get addresses from an address book.</summary>
    public bool HasAddresses => IpamDriver == HostLocal && !IsCni;

    /// <summary>Whether CNI plugins make its connections, and give out its addresses: podman's and ours from one book.</summary>
    public bool IsCni => CniFile.IsList(Raw);

    /// <summary>As others see it. Arrays, which PowerShell indexes: it can't do that with the lists that collection expressions make.</summary>
    internal ContainerNetwork ToModel() => new()
    {
        Name = Name,
        Id = Id,
        Driver = Driver,
        Interface = Interface,
        Created = Created,
        Subnets = Subnets.Select(subnet => subnet.ToModel()).ToArray(),
        Routes = Routes.ToArray(),
        IPv6Enabled = IPv6Enabled,
        Internal = Internal,
        DnsEnabled = DnsEnabled,
        DnsServers = DnsServers.ToArray(),
        Labels = Labels,
        Options = Options,
        IpamDriver = IpamDriver,
        Joinable = NetworkRules.WhyForeign(this) is null,
    };
}

/// <summary>A subnet of a network.</summary>
/// <param name="Network">The range.</param>
/// <param name="Gateway">The bridge's address in it; none on internal networks of some drivers.</param>
/// <param name="LeaseStart">First address podman may give out; null without a limit.</param>
/// <param name="LeaseEnd">Last address podman may give out; null without a limit.</param>
/// <param name="OwnStart">First address that we give out; null: what lies before podman's.</param>
/// <param name="OwnEnd">Last address that we give out.</param>
internal sealed record NetworkSubnet(IPNetwork Network, IPAddress? Gateway, IPAddress? LeaseStart = null, IPAddress? LeaseEnd = null,
    IPAddress? OwnStart = null, IPAddress? OwnEnd = null)
{
    /// <summary>As others see it.</summary>
    internal ContainerSubnet ToModel() => new()
    {
        Subnet = Network.ToString(),
        Gateway = Gateway?.ToString() ?? "",
        LeaseStart = LeaseStart?.ToString() ?? "",
        LeaseEnd = LeaseEnd?.ToString() ?? "",
        OwnStart = OwnStart?.ToString() ?? "",
        OwnEnd = OwnEnd?.ToString() ?? "",
    };
}

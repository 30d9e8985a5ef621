namespace Podsharp.Model;

/// <summary>A network that containers can join, as its file defines it.</summary>
public sealed record ContainerNetwork
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>Its id: 64 hexadecimal characters.</summary>
    public required string Id { get; init; }
    /// <summary>The first 12 characters of the id.</summary>
    public string ShortId => Id.Length > 12 ? Id[..12] : Id;
    /// <summary>bridge, macvlan, ipvlan, or the name of a plug-in of netavark's.</summary>
    public string Driver { get; init; } = "bridge";
    /// <summary>The bridge, or the parent interface; empty where the default route's is taken.</summary>
    public string Interface { get; init; } = "";
    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }
    /// <summary>Its subnets: a container gets one address of each.</summary>
    public IReadOnlyList<ContainerSubnet> Subnets { get; init; } = [];
    /// <summary>Routes that containers get.</summary>
    public IReadOnlyList<NetworkRoute> Routes { get; init; } = [];
    /// <summary>Whether it has IPv6.</summary>
    public bool IPv6Enabled { get; init; }
    /// <summary>Whether it has no way to the outside.</summary>
    public bool Internal { get; init; }
    /// <summary>Whether containers find each other by name.</summary>
    public bool DnsEnabled { get; init; }
    /// <summary>Where its name server forwards to; empty for the host's servers.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];
    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>The driver's options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = EmptyDictionary.Strings;
    /// <summary>host-local: the engine gives addresses out; dhcp; none.</summary>
    public string IpamDriver { get; init; } = "host-local";
    /// <summary>Whether the engine may give out addresses of it: those of a network that podman made whole belong to podman's address book.</summary>
    public bool Joinable { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name;
}

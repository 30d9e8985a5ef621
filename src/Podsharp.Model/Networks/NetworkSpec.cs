namespace Podsharp.Model;

/// <summary>A network to make.</summary>
public sealed record NetworkSpec
{
    /// <summary>Its name; empty has one chosen.</summary>
    public string Name { get; init; } = "";
    /// <summary>bridge, macvlan or ipvlan.</summary>
    public string Driver { get; init; } = "bridge";
    /// <summary>Its subnets (10.89.0.0/24); none has a free one chosen, where addresses are given out.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];
    /// <summary>Gateways; each belongs to the subnet that it is in. Subnets without one get their first address.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];
    /// <summary>Addresses to give out (10.89.0.0/26, or 10.89.0.10-10.89.0.20); each belongs to the subnet that it is in.</summary>
    public IReadOnlyList<string> IpRanges { get; init; } = [];
    /// <summary>Subnets of both families.</summary>
    public bool IPv6 { get; init; }
    /// <summary>No way to the outside.</summary>
    public bool Internal { get; init; }
    /// <summary>No name server.</summary>
    public bool DisableDns { get; init; }
    /// <summary>Where its name server forwards to.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];
    /// <summary>host-local, dhcp or none; empty chooses.</summary>
    public string IpamDriver { get; init; } = "";
    /// <summary>The bridge's name, or the parent interface.</summary>
    public string Interface { get; init; } = "";
    /// <summary>Routes for its containers.</summary>
    public IReadOnlyList<NetworkRoute> Routes { get; init; } = [];
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>The driver's options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = EmptyDictionary.Strings;
    /// <summary>A network of that name is emitted as it is.</summary>
    public bool Ignore { get; init; }
}

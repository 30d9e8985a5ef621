using System.Net;
using System.Text.Json;

namespace Podsharp.Engine.Networks;

/// <summary>A network as its file defines it (podman's network files, netavark's <c>network_info</c>).</summary>
internal sealed record NetworkDefinition
{
    /// <summary>The label on networks whose addresses this engine gives out.</summary>
    internal const string OwnerLabel = "io.podsharp.network";

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

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The file's whole content: what netavark gets, unknown members included.</summary>
    public required JsonElement Raw { get; init; }

    /// <summary>Whether this engine gives out its addresses. Those of other networks belong to podman's ipam.db, which we don't write.</summary>
    public bool IsOwn => Labels.ContainsKey(OwnerLabel);
}

/// <summary>A subnet of a network.</summary>
/// <param name="Network">The range.</param>
/// <param name="Gateway">The bridge's address in it; none on internal networks of some drivers.</param>
/// <param name="LeaseStart">First address podman may give out; null without a limit.</param>
/// <param name="LeaseEnd">Last address podman may give out; null without a limit.</param>
internal sealed record NetworkSubnet(IPNetwork Network, IPAddress? Gateway, IPAddress? LeaseStart = null, IPAddress? LeaseEnd = null);

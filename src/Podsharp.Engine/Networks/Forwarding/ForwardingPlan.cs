using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>Where an ordinary user's published ports go: to the container's first address of each family.</summary>
/// <param name="Ports">The published ports.</param>
/// <param name="IPv4">Its IPv4 address; null without.</param>
/// <param name="IPv6">Its IPv6 address; null without.</param>
internal sealed record ForwardingPlan(IReadOnlyList<PortMapping> Ports, string? IPv4, string? IPv6)
{
    /// <summary>Makes one; null where there is nothing to forward, or nowhere.</summary>
    /// <param name="ports">The published ports.</param>
    /// <param name="status">What the container got in its networks.</param>
    internal static ForwardingPlan? Create(IReadOnlyList<PortMapping> ports, IReadOnlyList<NetworkStatus> status)
    {
        var addresses = status.SelectMany(network => network.Addresses).Select(address => address.Split('/')[0]).ToList();
        return ports.Count == 0 || addresses.Count == 0 ? null
            : new(ports, addresses.FirstOrDefault(address => !address.Contains(':')), addresses.FirstOrDefault(address => address.Contains(':')));
    }

    /// <summary>The plan as text, to be compared.</summary>
    internal string ToText() => $"{IPv4 ?? "-"} {IPv6 ?? "-"} {string.Join(' ', Ports.Select(port => $"{port}"))}";

    /// <summary>What the forwarder is told of its sockets.</summary>
    internal string ForListeners(PortListeners listeners)
    {
        var text = new StringBuilder();
        foreach (var listener in listeners.All)
        {
            // Whoever comes by IPv6 to a container that has none is passed on by IPv4, and the other way round.
            var address = listener.Socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPv6 ?? IPv4 : IPv4 ?? IPv6;
            text.Append(CultureInfo.InvariantCulture, $"{listener.Protocol} {address} {listener.ContainerPort}\n");
        }
        return text.ToString();
    }
}

using System.Globalization;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>The NetworkSettings member of a container's inspect.</summary>
internal static class InspectNetworkShape
{
    private const string DefaultNetwork = "podsharp";

    internal static WireStruct Create(ContainerDetail detail)
    {
        // As under podman the addresses stand here, too, for a container on the default network alone.
        var single = detail.NetworkStatus is [{ Network: DefaultNetwork } only] ? only : null;
        var shape = AddAddresses(new WireStruct("*define.InspectNetworkSettings"), single)
            .Add("Bridge", "")
            .Add("SandboxID", "")
            .Add("HairpinMode", false)
            .Add("LinkLocalIPv6Address", "")
            .Add("LinkLocalIPv6PrefixLen", 0)
            .Add("Ports", PortBindings(detail.Container.Ports, detail.ExposedPorts))
            .Add("SandboxKey", detail.NetworkNamespacePath);
        var networks = new WireMap();
        foreach (var status in detail.NetworkStatus)
            networks.Set(status.Network, AddAddresses(new WireStruct("*define.InspectAdditionalNetwork"), status)
                .Add("NetworkID", status.NetworkId)
                .Add("DriverOpts", null)
                .Add("IPAMConfig", null)
                .Add("Links", null)
                .Add("Aliases", WireList.From(status.Aliases, nilIfEmpty: true), omitEmpty: true));
        return networks.Count > 0 ? shape.Add("Networks", networks) : shape;
    }

    /// <summary>Ports as docker's maps write them: container port to host addresses; exposed ones without.</summary>
    internal static WireMap PortBindings(IReadOnlyList<PortMapping> ports, IReadOnlyList<string> exposed)
    {
        var map = new WireMap();
        foreach (var port in exposed)
            map.Set(port, WireList.Nil);
        foreach (var port in ports)
        {
            for (var i = 0; i < port.Range; i++)
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"{port.ContainerPort + i}/{port.Protocol}");
                var list = map.TryGet(key, out var known) && known is WireList { IsNil: false } existing ? existing : new WireList();
                map.Set(key, list.Add(new WireStruct("define.InspectHostPort")
                    .Add("HostIP", port.HostIp.Length == 0 ? "0.0.0.0" : port.HostIp, "HostIp")
                    .Add("HostPort", (port.HostPort + i).ToString(CultureInfo.InvariantCulture))));
            }
        }
        return map;
    }

    private static WireStruct AddAddresses(WireStruct shape, NetworkStatus? status)
    {
        var (v4, length4) = Split(status?.Addresses.FirstOrDefault(a => !a.Contains(':')));
        var (v6, length6) = Split(status?.Addresses.FirstOrDefault(a => a.Contains(':')));
        return shape
            .Add("EndpointID", "")
            .Add("Gateway", status?.Gateways.FirstOrDefault(g => !g.Contains(':')) ?? "")
            .Add("IPAddress", v4)
            .Add("IPPrefixLen", length4)
            .Add("IPv6Gateway", status?.Gateways.FirstOrDefault(g => g.Contains(':')) ?? "")
            .Add("GlobalIPv6Address", v6)
            .Add("GlobalIPv6PrefixLen", length6)
            .Add("MacAddress", status?.MacAddress ?? "");
    }

    private static (string Address, long Length) Split(string? address)
    {
        if (address is null)
            return ("", 0);
        var slash = address.IndexOf('/');
        return slash < 0 ? (address, 0) : (address[..slash], long.Parse(address.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }
}

using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A network as <c>podman network inspect</c> and <c>network ls</c> show it: its file, and the containers on it.</summary>
public static class NetworkShape
{
    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ID"] = "NETWORK ID",
        ["NetworkInterface"] = "NETWORK INTERFACE",
    };

    /// <summary>A network in a list.</summary>
    /// <param name="network">The network.</param>
    /// <param name="whole">Whether the whole id is shown in a table.</param>
    public static WireStruct Listed(ContainerNetwork network, bool whole = true) => Fields("ListPrintReports", network)
        .AddMethod("ID", () => whole ? network.Id : network.ShortId)
        .AddMethod("Labels", () => string.Join(',', network.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")));

    /// <summary>A network with its containers.</summary>
    public static WireStruct Create(ContainerNetworkDetail detail)
    {
        var containers = new WireMap();
        foreach (var member in detail.Members) containers.Set(member.Id, Member(member));
        return Fields("NetworkInspectReport", detail.Network).Add("Containers", containers, "containers");
    }

    private static WireStruct Fields(string type, ContainerNetwork network) => new WireStruct(type)
        .Add("Name", network.Name, "name")
        .Add("ID", network.Id, "id")
        .Add("Driver", network.Driver, "driver")
        .Add("NetworkInterface", network.Interface, "network_interface", omitEmpty: true)
        .Add("Created", network.Created, "created")
        .Add("Subnets", WireList.From(network.Subnets.Select(Subnet)), "subnets", omitEmpty: true)
        .Add("Routes", WireList.From(network.Routes.Select(Route)), "routes", omitEmpty: true)
        .Add("IPv6Enabled", network.IPv6Enabled, "ipv6_enabled")
        .Add("Internal", network.Internal, "internal")
        .Add("DNSEnabled", network.DnsEnabled, "dns_enabled")
        .Add("NetworkDNSServers", WireList.From(network.DnsServers), "network_dns_servers", omitEmpty: true)
        .Add("Labels", WireMap.From(network.Labels), "labels", omitEmpty: true)
        .Add("Options", WireMap.From(network.Options), "options", omitEmpty: true)
        .Add("IPAMOptions", new WireMap().Set("driver", network.IpamDriver), "ipam_options");

    private static WireStruct Subnet(ContainerSubnet subnet)
    {
        var shape = new WireStruct("types.Subnet").Add("Subnet", subnet.Subnet, "subnet").Add("Gateway", subnet.Gateway, "gateway", omitEmpty: true);
        return subnet.LeaseStart.Length == 0 && subnet.LeaseEnd.Length == 0 ? shape : shape.Add("LeaseRange", new WireStruct("types.LeaseRange")
            .Add("StartIP", subnet.LeaseStart, "start_ip", omitEmpty: true).Add("EndIP", subnet.LeaseEnd, "end_ip", omitEmpty: true), "lease_range");
    }

    private static WireStruct Route(NetworkRoute route)
    {
        var shape = new WireStruct("types.Route").Add("Destination", route.Destination, "destination").Add("Gateway", route.Gateway, "gateway");
        return route.Metric is { } metric ? shape.Add("Metric", (long)metric, "metric") : shape;
    }

    private static WireStruct Member(NetworkMember member)
    {
        var status = member.Status;
        // An address's gateway is the one of its family.
        var subnets = status.Addresses.Select(address =>
        {
            var gateway = status.Gateways.FirstOrDefault(g => g.Contains(':') == address.Contains(':')) ?? "";
            return new WireStruct("types.NetAddress").Add("IPNet", address, "ipnet").Add("Gateway", gateway, "gateway", omitEmpty: true);
        });
        return new WireStruct("types.NetworkContainerInfo")
            .Add("Name", member.Name, "name")
            .Add("Interfaces", new WireMap().Set(status.InterfaceName, new WireStruct("types.NetInterface")
                .Add("Subnets", WireList.From(subnets), "subnets", omitEmpty: true)
                .Add("MacAddress", status.MacAddress, "mac_address")), "interfaces");
    }
}

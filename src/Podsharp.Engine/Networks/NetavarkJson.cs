using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>netavark's input and output.</summary>
internal static class NetavarkJson
{
    private const string NetworkServers = "network_dns_servers";

    /// <summary>The input of <c>netavark setup</c> and <c>teardown</c>.</summary>
    internal static string Request(string containerId, string name, string hostName, IReadOnlyList<NetworkAttachment> attachments,
        IReadOnlyDictionary<string, NetworkDefinition> networks, IReadOnlyList<PortMapping> ports, IReadOnlyList<string> dnsServers, string? forwarder = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("container_id", containerId);
            json.WriteString("container_name", name);
            json.WriteString("container_hostname", hostName);
            if (ports.Count > 0) WritePorts(json, ports);
            if (dnsServers.Count > 0) WriteStrings(json, "dns_servers", dnsServers);
            json.WriteStartObject("networks");
            foreach (var attachment in attachments) WriteAttachment(json, attachment);
            json.WriteEndObject();
            json.WriteStartObject("network_info");
            foreach (var attachment in attachments)
            {
                json.WritePropertyName(attachment.Network);
                WriteNetwork(json, networks[attachment.Network], forwarder);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // Where the host's name servers aren't reached by their own addresses, a network that names none is told where they are.
    private static void WriteNetwork(Utf8JsonWriter json, NetworkDefinition network, string? forwarder)
    {
        if (forwarder is null || !network.DnsEnabled || network.DnsServers.Count > 0)
        {
            network.Raw.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        foreach (var member in network.Raw.EnumerateObject().Where(member => member.Name != NetworkServers)) member.WriteTo(json);
        WriteStrings(json, NetworkServers, [forwarder]);
        json.WriteEndObject();
    }

    private static void WritePorts(Utf8JsonWriter json, IReadOnlyList<PortMapping> ports)
    {
        json.WriteStartArray("port_mappings");
        foreach (var port in ports)
        {
            json.WriteStartObject();
            json.WriteString("host_ip", port.HostIp);
            json.WriteNumber("container_port", port.ContainerPort);
            json.WriteNumber("host_port", port.HostPort);
            json.WriteNumber("range", port.Range);
            json.WriteString("protocol", port.Protocol);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteAttachment(Utf8JsonWriter json, NetworkAttachment attachment)
    {
        json.WriteStartObject(attachment.Network);
        // None where nobody keeps books on the network's addresses.
        if (attachment.StaticIps.Count > 0) WriteStrings(json, "static_ips", attachment.StaticIps);
        if (attachment.StaticMac is { Length: > 0 } mac) json.WriteString("static_mac", mac);
        WriteStrings(json, "aliases", attachment.Aliases);
        json.WriteString("interface_name", attachment.InterfaceName);
        if (attachment.HostInterfaceName is { Length: > 0 } host)
        {
            json.WriteStartObject("options");
            json.WriteString("host_interface_name", host);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>The part of a request that is about one network.</summary>
    internal static string Only(string request, string network)
    {
        var document = JsonNode.Parse(request)!.AsObject();
        foreach (var member in (string[])["networks", "network_info"])
        {
            if (document[member] is not JsonObject networks) continue;
            foreach (var other in networks.Select(entry => entry.Key).Where(name => name != network).ToList()) networks.Remove(other);
        }
        return document.ToJsonString();
    }

    /// <summary>Whether a request names no network at all.</summary>
    internal static bool IsEmpty(string request)
    {
        using var document = JsonDocument.Parse(request);
        return !document.RootElement.TryGetProperty("networks", out var networks) || !networks.EnumerateObject().Any();
    }

    /// <summary>The bridges of a request's networks.</summary>
    internal static IReadOnlyList<string> Interfaces(string request)
    {
        using var document = JsonDocument.Parse(request);
        return document.RootElement.TryGetProperty("network_info", out var networks)
            ? [.. networks.EnumerateObject().Select(n => Text(n.Value, "network_interface")).Where(i => i.Length > 0)]
            : [];
    }

    /// <summary>Reads the answer of <c>setup</c>.</summary>
    /// <exception cref="JsonException">It is no such answer.</exception>
    internal static IReadOnlyList<NetworkStatus> Status(string answer, NetworkRequest request)
    {
        using var document = JsonDocument.Parse(answer);
        var statuses = new List<NetworkStatus>();
        foreach (var attachment in request.Attachments)
        {
            if (!document.RootElement.TryGetProperty(attachment.Network, out var block)) continue;
            statuses.Add(Status(block, attachment, request.Networks[attachment.Network]));
        }
        return statuses;
    }

    private static NetworkStatus Status(JsonElement block, NetworkAttachment attachment, NetworkDefinition network)
    {
        var status = new NetworkStatus
        {
            Network = attachment.Network,
            NetworkId = network.Id,
            Aliases = attachment.Aliases,
            DnsServers = Strings(block, "dns_server_ips"),
            DnsSearch = Strings(block, "dns_search_domains"),
        };
        if (!block.TryGetProperty("interfaces", out var interfaces) || interfaces.ValueKind != JsonValueKind.Object) return status;
        foreach (var device in interfaces.EnumerateObject())
        {
            var subnets = device.Value.TryGetProperty("subnets", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : Array.Empty<JsonElement>();
            return status with
            {
                InterfaceName = device.Name,
                MacAddress = Text(device.Value, "mac_address"),
                Addresses = [.. subnets.Select(s => Text(s, "ipnet"))],
                Gateways = [.. subnets.Select(s => Text(s, "gateway")).Where(g => g.Length > 0)],
            };
        }
        return status;
    }

    /// <summary>The text of <c>{"error": ...}</c>; null where the answer is something else.</summary>
    internal static string? Error(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Text(document.RootElement, "error") is { Length: > 0 } text ? text : null : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string[] Strings(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(v => v.ToString())]
            : [];
}

using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>The text of a network file: podman's JSON, read leniently, written as podman writes it (five spaces).</summary>
internal static class NetworkFile
{
    private static JsonWriterOptions Layout => new() { Indented = true, IndentSize = 5, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a network file.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="name">The name the file has without <c>.json</c>: it must be the network's.</param>
    /// <returns>Null where the text is no network definition: podman skips such files, and so do we.</returns>
    internal static NetworkDefinition? Parse(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var root = JsonElement.ParseValue(ref reader);
            return root.ValueKind == JsonValueKind.Object && Text(root, "name") == name && Text(root, "id") is { Length: > 0 } id
                ? Definition(root, name, id)
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Makes the definition of a bridge network of ours.</summary>
    internal static NetworkDefinition NewBridge(string name, string id, string bridge, NetworkSubnet subnet, DateTimeOffset created) => Complete(new()
    {
        Name = name,
        Id = id,
        Interface = bridge,
        Created = created,
        Subnets = [subnet],
        DnsEnabled = true,
        Labels = new Dictionary<string, string> { [NetworkDefinition.OwnerLabel] = NetworkDefinition.WholeOwner },
    });

    /// <summary>Gives a definition its text, members in podman's order.</summary>
    internal static NetworkDefinition Complete(NetworkDefinition network)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Layout))
        {
            json.WriteStartObject();
            json.WriteString("name", network.Name);
            json.WriteString("id", network.Id);
            json.WriteString("driver", network.Driver);
            if (network.Interface.Length > 0) json.WriteString("network_interface", network.Interface);
            json.WriteString("created", network.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
            WriteList(json, "subnets", network.Subnets, WriteSubnet);
            WriteList(json, "routes", network.Routes, WriteRoute);
            json.WriteBoolean("ipv6_enabled", network.IPv6Enabled);
            json.WriteBoolean("internal", network.Internal);
            json.WriteBoolean("dns_enabled", network.DnsEnabled);
            WriteList(json, "network_dns_servers", network.DnsServers, (writer, server) => writer.WriteStringValue(server));
            WriteMap(json, "labels", network.Labels);
            WriteMap(json, "options", network.Options);
            json.WriteStartObject("ipam_options");
            json.WriteString("driver", network.IpamDriver);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Parse(buffer.WrittenSpan, network.Name) ?? throw new InvalidOperationException("the network definition just made can't be read");
    }

    /// <summary>The same network with other name servers to forward to; members unknown to us stay.</summary>
    internal static NetworkDefinition WithDnsServers(NetworkDefinition network, IReadOnlyList<string> servers)
    {
        var document = JsonObject.Create(network.Raw)!;
        document.Remove("network_dns_servers");
        if (servers.Count > 0)
        {
            var before = document.IndexOf("dns_enabled");
            document.Insert(before < 0 ? document.Count : before + 1, "network_dns_servers", new JsonArray([.. servers.Select(server => (JsonNode)JsonValue.Create(server))]));
        }
        return Parse(Encoding.UTF8.GetBytes(document.ToJsonString()), network.Name) ?? throw new InvalidOperationException("the network definition just changed can't be read");
    }

    /// <summary>The text to write.</summary>
    internal static string Format(NetworkDefinition network)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Layout))
            network.Raw.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var item in items) write(json, item);
        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count == 0) return;
        json.WriteStartObject(name);
        foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteRoute(Utf8JsonWriter json, NetworkRoute route)
    {
        json.WriteStartObject();
        json.WriteString("destination", route.Destination);
        json.WriteString("gateway", route.Gateway);
        if (route.Metric is { } metric) json.WriteNumber("metric", metric);
        json.WriteEndObject();
    }

    private static void WriteSubnet(Utf8JsonWriter json, NetworkSubnet subnet)
    {
        json.WriteStartObject();
        json.WriteString("subnet", subnet.Network.ToString());
        if (subnet.Gateway is { } gateway) json.WriteString("gateway", gateway.ToString());
        if (subnet.LeaseStart is { } start && subnet.LeaseEnd is { } end)
        {
            json.WriteStartObject("lease_range");
            json.WriteString("start_ip", start.ToString());
            json.WriteString("end_ip", end.ToString());
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static NetworkDefinition Definition(JsonElement root, string name, string id)
    {
        var labels = Map(root, "labels");
        var ranges = OwnRanges(labels.GetValueOrDefault(NetworkDefinition.OwnerLabel));
        return new()
        {
            Name = name,
            Id = id,
            Driver = Text(root, "driver") ?? "bridge",
            Interface = Text(root, "network_interface") ?? "",
            DnsEnabled = Flag(root, "dns_enabled"),
            Internal = Flag(root, "internal"),
            IPv6Enabled = Flag(root, "ipv6_enabled"),
            Created = DateTimeOffset.TryParse(Text(root, "created"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created) ? created : default,
            Subnets = [.. Items(root, "subnets").Select(subnet => Subnet(subnet, ranges))],
            Routes = [.. Items(root, "routes").Select(Route)],
            DnsServers = [.. Items(root, "network_dns_servers").Select(server => server.ToString())],
            Labels = labels,
            Options = Map(root, "options"),
            IpamDriver = Map(root, "ipam_options").GetValueOrDefault("driver") ?? NetworkDefinition.HostLocal,
            Raw = root.Clone(),
        };
    }

    /// <summary>The ranges that the owner's label names; none for a network of podman's, and for the lower part of each subnet.</summary>
    private static List<(IPAddress Start, IPAddress End)> OwnRanges(string? label)
    {
        var ranges = new List<(IPAddress, IPAddress)>();
        foreach (var text in label is null or NetworkDefinition.WholeOwner ? [] : label.Split(','))
        {
            var ends = text.Split('-');
            if (ends.Length == 2 && IPAddress.TryParse(ends[0], out var start) && IPAddress.TryParse(ends[1], out var end)) ranges.Add((start, end));
        }
        return ranges;
    }

    private static NetworkSubnet Subnet(JsonElement json, List<(IPAddress Start, IPAddress End)> ranges)
    {
        var range = json.TryGetProperty("lease_range", out var lease) && lease.ValueKind == JsonValueKind.Object ? lease : default;
        var subnet = new NetworkSubnet(IPNetwork.Parse(Text(json, "subnet") ?? ""), Address(json, "gateway"),
            range.ValueKind == JsonValueKind.Object ? Address(range, "start_ip") : null,
            range.ValueKind == JsonValueKind.Object ? Address(range, "end_ip") : null);
        foreach (var (start, end) in ranges)
            if (subnet.Network.Contains(start) && subnet.Network.Contains(end)) return subnet with { OwnStart = start, OwnEnd = end };
        return subnet;
    }

    private static NetworkRoute Route(JsonElement route) => new(Text(route, "destination") ?? "", Text(route, "gateway") ?? "",
        route.TryGetProperty("metric", out var metric) && metric.ValueKind == JsonValueKind.Number ? metric.GetUInt32() : null);

    private static IEnumerable<JsonElement> Items(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static Dictionary<string, string> Map(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.ToString()) : [];

    private static IPAddress? Address(JsonElement owner, string name) => Text(owner, name) is { Length: > 0 } text ? IPAddress.Parse(text) : null;

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

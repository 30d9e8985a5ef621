using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Podsharp.Engine.Networks;

/// <summary>The text of a network file: podman's JSON, read leniently, written as podman writes it (five spaces).</summary>
internal static class NetworkFile
{
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
    internal static NetworkDefinition NewBridge(string name, string id, string bridge, NetworkSubnet subnet, DateTimeOffset created)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = 5 }))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("id", id);
            json.WriteString("driver", "bridge");
            json.WriteString("network_interface", bridge);
            json.WriteString("created", created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteStartArray("subnets");
            WriteSubnet(json, subnet);
            json.WriteEndArray();
            json.WriteBoolean("ipv6_enabled", false);
            json.WriteBoolean("internal", false);
            json.WriteBoolean("dns_enabled", true);
            json.WriteStartObject("labels");
            json.WriteString(NetworkDefinition.OwnerLabel, "own");
            json.WriteEndObject();
            json.WriteStartObject("ipam_options");
            json.WriteString("driver", "host-local");
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Parse(buffer.WrittenSpan, name) ?? throw new InvalidOperationException("the network definition just made can't be read");
    }

    /// <summary>The text to write.</summary>
    internal static string Format(NetworkDefinition network)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = 5 }))
            network.Raw.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
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

    private static NetworkDefinition Definition(JsonElement root, string name, string id) => new()
    {
        Name = name,
        Id = id,
        Driver = Text(root, "driver") ?? "bridge",
        Interface = Text(root, "network_interface") ?? "",
        DnsEnabled = Flag(root, "dns_enabled"),
        Internal = Flag(root, "internal"),
        Subnets = root.TryGetProperty("subnets", out var subnets) && subnets.ValueKind == JsonValueKind.Array
            ? [.. subnets.EnumerateArray().Select(Subnet)]
            : [],
        Labels = root.TryGetProperty("labels", out var labels) && labels.ValueKind == JsonValueKind.Object
            ? labels.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.ToString())
            : new Dictionary<string, string>(),
        Raw = root.Clone(),
    };

    private static NetworkSubnet Subnet(JsonElement subnet)
    {
        var range = subnet.TryGetProperty("lease_range", out var lease) && lease.ValueKind == JsonValueKind.Object ? lease : default;
        return new NetworkSubnet(IPNetwork.Parse(Text(subnet, "subnet") ?? ""), Address(subnet, "gateway"),
            range.ValueKind == JsonValueKind.Object ? Address(range, "start_ip") : null,
            range.ValueKind == JsonValueKind.Object ? Address(range, "end_ip") : null);
    }

    private static IPAddress? Address(JsonElement owner, string name) => Text(owner, name) is { Length: > 0 } text ? IPAddress.Parse(text) : null;

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

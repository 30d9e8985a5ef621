using System.Text;
using System.Text.Json;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>netavark's own note of a container's port rules: <c>firewall/ports/NETWORK_CONTAINER</c> in its run directory. It keeps them to make
/// the rules anew when the firewall was reloaded; they go with the rules.</summary>
/// <param name="ContainerId">The container.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Addresses">The container's addresses in it.</param>
/// <param name="Ports">The ports.</param>
/// <param name="Path">The note.</param>
internal sealed record FirewallRecord(string ContainerId, string Network, IReadOnlyList<string> Addresses, IReadOnlyList<PortMapping> Ports, string Path)
{
    /// <summary>All that can be read.</summary>
    internal static IEnumerable<FirewallRecord> List(string runDirectory)
    {
        var directory = System.IO.Path.Combine(runDirectory, "firewall", "ports");
        foreach (var entry in Files.ReadDirectory(directory))
        {
            var path = System.IO.Path.Combine(directory, Encoding.UTF8.GetString(entry.Name));
            if (Files.TryReadAll(path) is { } json && TryParse(json, path) is { } record)
                yield return record;
        }
    }

    private static FirewallRecord? TryParse(byte[] json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            string?[] addresses = [Text(root, "container_ip_v4"), Text(root, "container_ip_v6")];
            var ports = root.TryGetProperty("port_mappings", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Select(port => new PortMapping
                {
                    HostIp = Text(port, "host_ip") ?? "",
                    HostPort = port.GetProperty("host_port").GetInt32(),
                    ContainerPort = port.GetProperty("container_port").GetInt32(),
                    Range = port.GetProperty("range").GetInt32(),
                    Protocol = Text(port, "protocol") ?? "tcp",
                }).ToList() : [];
            return new(Text(root, "container_id") ?? throw new KeyNotFoundException(), Text(root, "network_name") ?? throw new KeyNotFoundException(),
                [.. addresses.OfType<string>()], ports, path);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Text.Json;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>The addresses that a container had when it was checkpointed, in the form of netavark's answer (podman: network.status).</summary>
internal static class FormerAddresses
{
    /// <summary>Writes them down.</summary>
    internal static void Write(string path, IReadOnlyList<NetworkStatus> networks)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var network in networks)
                WriteNetwork(json, network);
            json.WriteEndObject();
        }
        Files.Replace(path, buffer.ToArray(), 0x180 /* 0600 */, durable: false);
    }

    /// <summary>The configuration, asking for what the file names.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="path">The file; it need not be there.</param>
    /// <param name="addresses">Whether for the addresses; otherwise for none, whatever the configuration asks for.</param>
    /// <param name="hardware">Whether for the MAC addresses; otherwise for none.</param>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is no such file.</exception>
    internal static ContainerConfig Wanted(ContainerConfig config, string path, bool addresses, bool hardware)
    {
        if (!config.HasNetworks())
            return config;
        try
        {
            using var document = JsonDocument.Parse(Files.TryReadAll(path) ?? "{}"u8.ToArray());
            return config with { Networks = [.. config.Networks.Select(attachment => Wanted(attachment, document.RootElement, addresses, hardware))] };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "CheckpointDamaged", $"{path} can't be read: {error.Message}", path,
                "restore with any addresses: --ignore-static-ip --ignore-static-mac (-IgnoreStaticIp -IgnoreStaticMac)", error);
        }
    }

    private static NetworkAttachment Wanted(NetworkAttachment attachment, JsonElement networks, bool addresses, bool hardware)
    {
        attachment = attachment with { StaticIps = addresses ? attachment.StaticIps : [], StaticMac = hardware ? attachment.StaticMac : null };
        // podman writes null where a container had no network.
        if (networks.ValueKind != JsonValueKind.Object || !networks.TryGetProperty(attachment.Network, out var network))
            return attachment;
        if (!network.TryGetProperty("interfaces", out var interfaces) || interfaces.ValueKind != JsonValueKind.Object || !interfaces.EnumerateObject().Any())
            return attachment;
        var first = interfaces.EnumerateObject().First().Value;
        if (addresses && first.TryGetProperty("subnets", out var subnets) && subnets.ValueKind == JsonValueKind.Array)
            attachment = attachment with { StaticIps = [.. subnets.EnumerateArray().Select(subnet => subnet.GetProperty("ipnet").GetString()!.Split('/')[0])] };
        return hardware && first.TryGetProperty("mac_address", out var mac) && mac.GetString() is { Length: > 0 } text ? attachment with { StaticMac = text } : attachment;
    }

    private static void WriteNetwork(Utf8JsonWriter json, NetworkStatus network)
    {
        json.WriteStartObject(network.Network);
        json.WriteStartObject("interfaces");
        json.WriteStartObject(network.InterfaceName);
        json.WriteStartArray("subnets");
        for (var index = 0; index < network.Addresses.Count; index++)
        {
            json.WriteStartObject();
            json.WriteString("ipnet", network.Addresses[index]);
            if (index < network.Gateways.Count && network.Gateways[index].Length > 0)
                json.WriteString("gateway", network.Gateways[index]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("mac_address", network.MacAddress);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

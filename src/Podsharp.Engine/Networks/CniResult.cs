using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>What plugins answered to ADD: read, and kept until DEL where libcni keeps it, so that other tools can clean up, too.</summary>
internal static class CniResult
{
    private const string Kind = "cniCacheV1";

    /// <summary>Keeps a result.</summary>
    /// <param name="directory">Where results are.</param>
    /// <param name="call">What it is the answer to.</param>
    /// <param name="result">The last plugin's answer.</param>
    internal static void Keep(string directory, CniCall call, string result)
    {
        var cache = new JsonObject
        {
            ["kind"] = Kind,
            ["containerId"] = call.ContainerId,
            ["config"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(call.List.GetRawText())),
            ["ifName"] = call.Interface,
            ["networkName"] = call.Network,
            ["cniArgs"] = new JsonArray([.. call.Arguments.Select(pair => (JsonNode)new JsonArray(pair.Key, pair.Value))]),
            ["capabilityArgs"] = call.Capabilities.DeepClone(),
            ["result"] = JsonNode.Parse(result),
        };
        Files.MakeDirectories(directory, 0x1C0 /* 0700 */);
        Files.Replace(PathOf(directory, call), Encoding.UTF8.GetBytes(cache.ToJsonString()), 0x180 /* 0600 */, durable: false);
    }

    /// <summary>The result that was kept; null for none.</summary>
    internal static JsonNode? Find(string directory, CniCall call)
    {
        try
        {
            return Files.TryReadAll(PathOf(directory, call)) is { } bytes && JsonNode.Parse(bytes) is JsonObject cache && (string?)cache["kind"] == Kind ? cache["result"]?.DeepClone() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // Plugins do without.
        }
    }

    /// <summary>Forgets a result; none is fine.</summary>
    internal static void Forget(string directory, CniCall call) => _ = Files.TryRemove(PathOf(directory, call));

    /// <summary>What a container got in a network.</summary>
    /// <exception cref="JsonException">It is no such answer.</exception>
    internal static NetworkStatus Status(string result, CniCall call, NetworkAttachment attachment, NetworkDefinition network)
    {
        using var document = JsonDocument.Parse(result);
        var root = document.RootElement;
        var dns = Member(root, "dns");
        var inside = Items(root, "interfaces").FirstOrDefault(device => Text(device, "name") == call.Interface && Text(device, "sandbox").Length > 0);
        // Before 0.3.0 there was one address of each family.
        var addresses = Items(root, "ips").Select(ip => (Address: Text(ip, "address"), Gateway: Text(ip, "gateway")))
            .Concat(new[] { "ip4", "ip6" }.Select(family => Member(root, family)).Select(ip => (Address: Text(ip, "ip"), Gateway: Text(ip, "gateway"))))
            .Where(ip => ip.Address.Length > 0).ToList();
        return new NetworkStatus
        {
            Network = call.Network,
            NetworkId = network.Id,
            Aliases = attachment.Aliases,
            InterfaceName = call.Interface,
            MacAddress = Text(inside, "mac"),
            Addresses = [.. addresses.Select(ip => ip.Address)],
            Gateways = [.. addresses.Select(ip => ip.Gateway).Where(gateway => gateway.Length > 0)],
            DnsServers = [.. Items(dns, "nameservers").Select(server => server.ToString())],
            DnsSearch = [.. Items(dns, "search").Select(domain => domain.ToString())],
        };
    }

    private static string PathOf(string directory, CniCall call) => Path.Combine(directory, $"{call.Network}-{call.ContainerId}-{call.Interface}");

    private static JsonElement Member(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : default;

    private static IEnumerable<JsonElement> Items(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string Text(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podsharp.Engine.Networks;

/// <summary>A container's connection to one CNI network, as its plugins are asked for it.</summary>
internal sealed record CniCall
{
    /// <summary>The network's name.</summary>
    internal required string Network { get; init; }

    /// <summary>The network's list of plugins.</summary>
    internal required JsonElement List { get; init; }

    /// <summary>The container.</summary>
    internal required string ContainerId { get; init; }

    /// <summary>The interface in it.</summary>
    internal required string Interface { get; init; }

    /// <summary>CNI_ARGS.</summary>
    internal required IReadOnlyList<KeyValuePair<string, string>> Arguments { get; init; }

    /// <summary>What plugins with that capability are told: ips, mac, portMappings, aliases.</summary>
    internal required JsonObject Capabilities { get; init; }

    /// <summary>The list's version of CNI.</summary>
    internal string Version => List.TryGetProperty("cniVersion", out var version) ? version.ToString() : "0.2.0";

    /// <summary>The calls that a request means, in its order. A request has the form of netavark's, so that all that is done with those can be done with it.</summary>
    internal static IReadOnlyList<CniCall> From(string requestJson)
    {
        using var document = JsonDocument.Parse(requestJson);
        var root = document.RootElement;
        var definitions = root.GetProperty("network_info");
        return [.. root.GetProperty("networks").EnumerateObject().Select(network => new CniCall
        {
            Network = network.Name,
            List = definitions.GetProperty(network.Name).Clone(),
            ContainerId = root.GetProperty("container_id").GetString()!,
            Interface = network.Value.GetProperty("interface_name").GetString()!,
            // dnsname takes the container's name from the variable that Kubernetes has for it.
            Arguments = [new("IgnoreUnknown", "1"), new("K8S_POD_NAME", root.GetProperty("container_name").GetString()!)],
            Capabilities = CapabilitiesOf(network, root),
        })];
    }

    /// <summary>Whether a request is for CNI.</summary>
    internal static bool IsMeant(string requestJson)
    {
        using var document = JsonDocument.Parse(requestJson);
        return document.RootElement.TryGetProperty("network_info", out var networks) && networks.EnumerateObject().Any(network => CniFile.IsList(network.Value));
    }

    /// <summary>A plugin's configuration for this call.</summary>
    /// <param name="plugin">The plugin as it stands in the list.</param>
    /// <param name="previous">The answer of the plugin before, or what is known of the last ADD; null for none.</param>
    internal string Configure(JsonElement plugin, JsonNode? previous)
    {
        var configuration = JsonObject.Create(plugin)!;
        configuration["name"] = Network;
        configuration["cniVersion"] = Version;
        var told = new JsonObject();
        foreach (var (name, wanted) in configuration["capabilities"] as JsonObject ?? [])
            if (wanted?.GetValueKind() == JsonValueKind.True && Capabilities[name] is { } value) told[name] = value.DeepClone();
        if (told.Count > 0) configuration["runtimeConfig"] = told;
        if (previous is not null) configuration["prevResult"] = previous.DeepClone();
        return configuration.ToJsonString();
    }

    private static JsonObject CapabilitiesOf(JsonProperty network, JsonElement root)
    {
        var capabilities = new JsonObject();
        var definition = CniFile.Parse(System.Text.Encoding.UTF8.GetBytes(root.GetProperty("network_info").GetProperty(network.Name).GetRawText()), default)!;
        if (network.Value.TryGetProperty("static_ips", out var addresses))
            capabilities["ips"] = new JsonArray([.. addresses.EnumerateArray().Select(address => (JsonNode)JsonValue.Create(WithPrefix(address.GetString()!, definition)))]);
        if (network.Value.TryGetProperty("static_mac", out var mac)) capabilities["mac"] = mac.GetString();
        if (network.Value.TryGetProperty("aliases", out var aliases))
            capabilities["aliases"] = new JsonObject { [network.Name] = JsonNode.Parse(aliases.GetRawText()) };
        if (root.TryGetProperty("port_mappings", out var ports)) capabilities["portMappings"] = new JsonArray([.. ports.EnumerateArray().SelectMany(Ports)]);
        return capabilities;
    }

    private static string WithPrefix(string text, NetworkDefinition network)
    {
        var address = System.Net.IPAddress.Parse(text);
        return network.Subnets.FirstOrDefault(subnet => subnet.Network.Contains(address)) is { } subnet ? $"{text}/{subnet.Network.PrefixLength}" : text;
    }

    private static IEnumerable<JsonNode> Ports(JsonElement mapping)
    {
        for (var step = 0; step < mapping.GetProperty("range").GetInt32(); step++)
        {
            var port = new JsonObject
            {
                ["hostPort"] = mapping.GetProperty("host_port").GetInt32() + step,
                ["containerPort"] = mapping.GetProperty("container_port").GetInt32() + step,
                ["protocol"] = mapping.GetProperty("protocol").GetString(),
            };
            if (mapping.GetProperty("host_ip").GetString() is { Length: > 0 } address) port["hostIP"] = address;
            yield return port;
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>The text of a CNI network: a list of plugins (containernetworking's SPEC.md, "Network configuration format"), in the form in which podman 4 writes it.</summary>
internal static class CniFile
{
    /// <summary>The plugin that gives containers names.</summary>
    internal const string NamePlugin = "dnsname";

    private const string Version = "0.4.0"; // what podman 4 writes: plug-ins since 0.8 know it
    private const string LabelsKey = "podman_labels";
    private const string OptionsKey = "podman_options";

    /// <summary>Reads a network.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="created">The file's time.</param>
    /// <returns>Null where the text is no network: others skip such files, and so do we.</returns>
    internal static NetworkDefinition? Parse(ReadOnlySpan<byte> json, DateTimeOffset created)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var root = JsonElement.ParseValue(ref reader);
            if (root.ValueKind != JsonValueKind.Object || Text(root, "name") is not { } name || !NetworkStore.IsValidName(name)) return null;
            return root.GetProperty("plugins") is { ValueKind: JsonValueKind.Array } plugins && plugins.GetArrayLength() > 0 ? Definition(root, name, created) : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether what netavark would be told is meant for CNI.</summary>
    internal static bool IsList(JsonElement network) => network.ValueKind == JsonValueKind.Object && network.TryGetProperty("plugins", out _);

    /// <summary>Gives a definition its text.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: no plugin can do what it asks for.</exception>
    internal static NetworkDefinition Complete(NetworkDefinition network, bool hasNames)
    {
        CheckSupported(network);
        var first = new JsonObject { ["type"] = network.Driver };
        if (network.Driver == NetworkDefinition.Bridge)
        {
            first["bridge"] = network.Interface;
            first["isGateway"] = !network.Internal;
            if (!network.Internal) first["ipMasq"] = true;
            first["hairpinMode"] = true;
        }
        else if (network.Interface.Length > 0) first["master"] = network.Interface;
        foreach (var option in (string[])["mtu", "vlan"])
            if (network.Options.TryGetValue(option, out var number)) first[option] = int.Parse(number, CultureInfo.InvariantCulture);
        if (network.Options.TryGetValue("mode", out var mode)) first["mode"] = mode;
        first["ipam"] = Ipam(network);
        if (network.IpamDriver == NetworkDefinition.HostLocal) first["capabilities"] = new JsonObject { ["ips"] = true };
        var plugins = new JsonArray(first);
        if (network.Driver == NetworkDefinition.Bridge) AddOthers(plugins, network, hasNames);
        var list = new JsonObject
        {
            ["args"] = new JsonObject { [LabelsKey] = Map(network.Labels), [OptionsKey] = Map(network.Options) },
            ["cniVersion"] = Version,
            ["name"] = network.Name,
            ["plugins"] = plugins,
        };
        return Parse(Encoding.UTF8.GetBytes(list.ToJsonString()), network.Created) ?? throw new InvalidOperationException("the network just made can't be read");
    }

    /// <summary>The text to write, indented as podman does.</summary>
    internal static string Format(NetworkDefinition network)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = 3 })) network.Raw.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    /// <summary>Whether one of a network's plugins takes something from the container (CNI's capabilities): ips, mac, portMappings, aliases.</summary>
    internal static bool Takes(JsonElement network, string capability) => network.GetProperty("plugins").EnumerateArray().Any(plugin => Flag(Member(plugin, "capabilities"), capability));

    private static void CheckSupported(NetworkDefinition network)
    {
        if (network.Routes.Count > 0) throw No("routes of its own", network.Routes[0].Destination);
        if (network.DnsServers.Count > 0) throw No("name servers of its own", network.DnsServers[0]);
        foreach (var (option, value) in network.Options)
        {
            if (option is "metric" or "no_default_route" or "vrf" or "bclim" || (option, value) is ("isolate", "strict") || (network.Driver == NetworkDefinition.Bridge && option == "mode"))
                throw No($"the option {option}={value}", option);
        }

        static ContainerEngineException No(string what, string target) =>
            EngineErrors.Unsupported($"a network of the network backend cni can't have {what}", target, "leave it out, or set network_backend = \"netavark\" in containers.conf");
    }

    private static void AddOthers(JsonArray plugins, NetworkDefinition network, bool hasNames)
    {
        plugins.Add((JsonNode)new JsonObject { ["type"] = "portmap", ["capabilities"] = new JsonObject { ["portMappings"] = true } });
        var firewall = new JsonObject { ["type"] = "firewall", ["backend"] = "" };
        if (network.Options.GetValueOrDefault("isolate") == "true") firewall["ingressPolicy"] = "same-bridge";
        plugins.Add((JsonNode)firewall);
        plugins.Add((JsonNode)new JsonObject { ["type"] = "tuning", ["capabilities"] = new JsonObject { ["mac"] = true } });
        if (hasNames && network.DnsEnabled)
            plugins.Add((JsonNode)new JsonObject { ["type"] = NamePlugin, ["domainName"] = "dns.podman", ["capabilities"] = new JsonObject { ["aliases"] = true } });
    }

    private static JsonObject Ipam(NetworkDefinition network)
    {
        if (network.IpamDriver != NetworkDefinition.HostLocal) return network.IpamDriver == "none" ? [] : new JsonObject { ["type"] = network.IpamDriver };
        var ranges = new JsonArray();
        foreach (var subnet in network.Subnets)
        {
            var range = new JsonObject { ["subnet"] = subnet.Network.ToString() };
            if (subnet.LeaseStart is { } start) range["rangeStart"] = start.ToString();
            if (subnet.LeaseEnd is { } end) range["rangeEnd"] = end.ToString();
            if (subnet.Gateway is { } gateway) range["gateway"] = gateway.ToString();
            ranges.Add((JsonNode)new JsonArray(range));
        }
        var ipam = new JsonObject { ["type"] = NetworkDefinition.HostLocal };
        var families = network.Subnets.Select(subnet => subnet.Network.BaseAddress.AddressFamily).Distinct().Select(family => (JsonNode)new JsonObject { ["dst"] = family == AddressFamily.InterNetwork ? "0.0.0.0/0" : "::/0" });
        if (!network.Internal) ipam["routes"] = new JsonArray([.. families]);
        ipam["ranges"] = ranges;
        return ipam;
    }

    private static NetworkDefinition Definition(JsonElement root, string name, DateTimeOffset created)
    {
        var plugins = root.GetProperty("plugins").EnumerateArray().ToList();
        var first = plugins[0];
        var bridge = Text(first, "type") == NetworkDefinition.Bridge;
        var isInternal = bridge && !Flag(first, "isGateway");
        var subnets = Subnets(Member(first, "ipam"), isInternal);
        var options = Texts(Member(Member(root, "args"), OptionsKey));
        foreach (var option in (string[])["mtu", "vlan", "mode"])
            if (first.TryGetProperty(option, out var value) && value.ToString() is { Length: > 0 } text and not "0") options[option] = text;
        if (plugins.Any(plugin => Text(plugin, "type") == "firewall" && Text(plugin, "ingressPolicy") == "same-bridge")) options["isolate"] = "true";
        return new()
        {
            Name = name,
            Id = NetworkStore.IdOf(name),
            Driver = Text(first, "type") ?? throw new FormatException("a plugin without a type"),
            Interface = Text(first, bridge ? "bridge" : "master") ?? (bridge ? "cni0" : ""), // the plugin's default
            Created = created,
            Subnets = subnets,
            IPv6Enabled = subnets.Any(subnet => subnet.Network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6),
            Internal = isInternal,
            DnsEnabled = plugins.Any(plugin => Text(plugin, "type") == NamePlugin),
            Labels = Texts(Member(Member(root, "args"), LabelsKey)),
            Options = options,
            IpamDriver = Text(Member(first, "ipam"), "type") is { Length: > 0 } ipam ? ipam : "none",
            Raw = root.Clone(),
        };
    }

    private static List<NetworkSubnet> Subnets(JsonElement ipam, bool isInternal)
    {
        var ranges = Items(ipam, "ranges").SelectMany(set => set.EnumerateArray()).ToList();
        // The older form: one range, in the ipam itself.
        if (Text(ipam, "subnet") is not null) ranges.Insert(0, ipam);
        return ranges.ConvertAll(range =>
        {
            var parts = (Text(range, "subnet") ?? "").Split('/');
            var network = AddressMath.NetworkOf(IPAddress.Parse(parts[0]), byte.Parse(parts[1], CultureInfo.InvariantCulture));
            return new NetworkSubnet(network, Address(range, "gateway") ?? (isInternal ? null : AddressMath.Add(network.BaseAddress, 1)), Address(range, "rangeStart"), Address(range, "rangeEnd"));
        });
    }

    private static JsonObject Map(IReadOnlyDictionary<string, string> map)
    {
        var json = new JsonObject();
        foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json[key] = value;
        return json;
    }

    private static Dictionary<string, string> Texts(JsonElement map) => map.ValueKind == JsonValueKind.Object
        ? map.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.String).ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!) : [];

    private static JsonElement Member(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : default;

    private static IEnumerable<JsonElement> Items(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static IPAddress? Address(JsonElement owner, string name) => Text(owner, name) is { Length: > 0 } text ? IPAddress.Parse(text) : null;

    private static string? Text(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static bool Flag(JsonElement owner, string name) => Member(owner, name).ValueKind == JsonValueKind.True;
}

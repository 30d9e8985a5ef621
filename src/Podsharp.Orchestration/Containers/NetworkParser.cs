using System.Net;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads <c>--network</c> and the options that go with it.</summary>
public static class NetworkParser
{
    /// <summary>Reads networks: one mode (none, host, container:NAME, ns:PATH, pasta[:OPTIONS], slirp4netns[:OPTIONS]) or any number of networks, <c>NAME[:KEY=VALUE,...]</c>
    /// with the keys ip, ip6, mac, alias, interface_name and host_interface_name.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static (NamespaceMode Mode, IReadOnlyList<NetworkAttachment> Networks) Parse(IReadOnlyList<string> texts)
    {
        var networks = new List<NetworkAttachment>();
        foreach (var text in texts)
        {
            var colon = text.IndexOf(':');
            var name = colon < 0 ? text : text[..colon];
            if (name is "none" or "host" or "container" or "ns")
            {
                if (texts.Count > 1)
                    throw EngineErrors.InvalidArgument($"the network mode {name} can't be joined with other networks", text, "give one --network only");
                return (NamespaceMode.Parse(text, "--network"), []);
            }
            if (name is "pasta" or "slirp4netns")
            {
                if (texts.Count > 1)
                    throw EngineErrors.InvalidArgument($"cannot set multiple networks without bridge network mode, selected mode {name}", text, "give one --network only");
                return (new NamespaceMode(name == "pasta" ? NamespaceKind.Pasta : NamespaceKind.Slirp4netns, colon < 0 ? null : text[(colon + 1)..]), []);
            }
            // Alone it means the default network, which for an ordinary user's container isn't what there is without a word.
            if (text == "bridge" && texts.Count == 1)
                return (new NamespaceMode(NamespaceKind.Private), []);
            if (colon >= 0 || texts.Count > 1 || name is not ("" or "default" or "private"))
                networks.Add(Attachment(name, colon < 0 ? "" : text[(colon + 1)..], text));
        }
        return (NamespaceMode.Default, networks);
    }

    /// <summary>Applies <c>--ip</c>, <c>--ip6</c>, <c>--mac-address</c> and <c>--network-alias</c>, which name no network.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument where there isn't exactly one network to apply addresses to.</exception>
    public static IReadOnlyList<NetworkAttachment> Apply(NamespaceMode mode, IReadOnlyList<NetworkAttachment> networks, string? ip, string? ip6,
        string? mac, IReadOnlyList<string> aliases)
    {
        var addresses = new[] { ip, ip6 }.Where(a => !string.IsNullOrEmpty(a)).Select(a => Address(a!, a!)).ToArray();
        if (addresses.Length == 0 && string.IsNullOrEmpty(mac) && aliases.Count == 0)
            return networks;
        if (mode.Kind is not (NamespaceKind.Default or NamespaceKind.Private))
            throw EngineErrors.InvalidArgument($"addresses and aliases need a network of the container's own, not the mode {mode}", null, "leave out --ip, --ip6, --mac-address and --network-alias");
        if (networks.Count > 1 && (addresses.Length > 0 || !string.IsNullOrEmpty(mac)))
            throw EngineErrors.InvalidArgument("--ip, --ip6 and --mac-address can't tell which of several networks is meant", null, "write them with the network: --network NAME:ip=...");
        IReadOnlyList<NetworkAttachment> targets = networks.Count == 0 ? [new NetworkAttachment()] : networks;
        return
        [
            .. targets.Select(n => n with
            {
                StaticIps = [.. n.StaticIps, .. addresses],
                StaticMac = string.IsNullOrEmpty(mac) ? n.StaticMac : mac,
                Aliases = [.. n.Aliases, .. aliases],
            }),
        ];
    }

    private static NetworkAttachment Attachment(string name, string options, string text)
    {
        var attachment = new NetworkAttachment { Network = name is "" or "bridge" or "default" or "private" ? "" : name };
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = option.Split('=', 2);
            if (parts.Length < 2 || parts[1].Length == 0)
                throw Invalid(text, $"\"{option}\" needs a value");
            attachment = parts[0] switch
            {
                "ip" or "ip6" => attachment with { StaticIps = [.. attachment.StaticIps, Address(parts[1], text)] },
                "mac" => attachment with { StaticMac = parts[1] },
                "alias" => attachment with { Aliases = [.. attachment.Aliases, parts[1]] },
                "host_interface_name" => attachment with { HostInterfaceName = parts[1] },
                "interface_name" => attachment with { InterfaceName = parts[1] },
                _ => throw Invalid(text, $"\"{parts[0]}\" is not an option of a network: use ip, ip6, mac, alias, interface_name or host_interface_name"),
            };
        }
        return attachment;
    }

    private static string Address(string address, string text) =>
        IPAddress.TryParse(address, out _) ? address : throw Invalid(text, $"\"{address}\" is not an IP address");

    private static ContainerEngineException Invalid(string text, string remedy) =>
        EngineErrors.InvalidArgument($"invalid network \"{text}\"", text, remedy);
}

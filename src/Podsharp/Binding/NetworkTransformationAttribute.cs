using System.Collections;
using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>Networks: podman's words (a name with options, none, host, container:NAME), the container to share with, or a hashtable with
/// Name, Ip, Mac, Alias and Interface.</summary>
internal sealed class NetworkTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => new string[0];

    private protected override object? Convert(object? value) => value is null ? null : Flatten(value).Select(Text).ToArray();

    private static string Text(object value) => value switch
    {
        Container container => "container:" + container.Id,
        NetworkAttachment network => Text(network.Network, network.StaticIps, network.StaticMac, network.Aliases, network.InterfaceName),
        IDictionary table => FromTable(table),
        _ => value.ToString() ?? "",
    };

    private static string FromTable(IDictionary table)
    {
        var entries = Entries(table, "a network", "Name", "Ip", "Mac", "Alias", "Interface");
        IEnumerable<string> Many(string name) => Flatten(entries.GetValueOrDefault(name)).Select(item => item.ToString() ?? "");
        return Text(entries.GetValueOrDefault("Name")?.ToString() ?? "", Many("Ip"), entries.GetValueOrDefault("Mac")?.ToString(), Many("Alias"),
            entries.GetValueOrDefault("Interface")?.ToString());
    }

    private static string Text(string name, IEnumerable<string> ips, string? mac, IEnumerable<string> aliases, string? interfaceName)
    {
        var options = ips.Select(ip => (ip.Contains(':') ? "ip6=" : "ip=") + ip).Concat(aliases.Select(alias => "alias=" + alias)).ToList();
        if (!string.IsNullOrEmpty(mac))
            options.Add("mac=" + mac);
        if (!string.IsNullOrEmpty(interfaceName))
            options.Add("interface_name=" + interfaceName);
        if (name.Length == 0)
            name = "bridge";
        return options.Count == 0 ? name : $"{name}:{string.Join(',', options)}";
    }
}

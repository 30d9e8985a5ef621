using System.Collections;
using System.Globalization;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Binding;

/// <summary>Published ports: podman's words ("8080:80", "127.0.0.1:53:53/udp"), a port number, or a hashtable with the properties of
/// <see cref="PortMapping"/>.</summary>
internal sealed class PortTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => new PortMapping[0];

    private protected override object? Convert(object? value) => value is null ? null : Flatten(value).Select(Port).ToArray();

    private static PortMapping Port(object value) => value switch
    {
        PortMapping mapping => mapping,
        IDictionary table => FromTable(table),
        _ => PortMappingParser.Parse(System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    private static PortMapping FromTable(IDictionary table)
    {
        var entries = Entries(table, "a published port", "HostIp", "HostPort", "ContainerPort", "Range", "Protocol");
        int Number(string name, int unset) => entries.TryGetValue(name, out var number) ? System.Convert.ToInt32(number, CultureInfo.InvariantCulture) : unset;
        if (!entries.ContainsKey("ContainerPort"))
            throw EngineErrors.InvalidArgument("a published port needs ContainerPort", null, "for example @{ HostPort = 8080; ContainerPort = 80 }");
        return new PortMapping
        {
            HostIp = entries.GetValueOrDefault("HostIp")?.ToString() ?? "",
            HostPort = Number("HostPort", 0),
            ContainerPort = Number("ContainerPort", 0),
            Range = Number("Range", 1),
            Protocol = entries.GetValueOrDefault("Protocol")?.ToString()?.ToLowerInvariant() ?? "tcp",
        };
    }
}

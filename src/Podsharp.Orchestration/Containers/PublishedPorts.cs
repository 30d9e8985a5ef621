using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>A container's published ports one by one, and how they are asked for (<c>port CONTAINER 80/tcp</c>).</summary>
public static class PublishedPorts
{
    /// <summary>The mappings with ranges taken apart.</summary>
    public static IReadOnlyList<PortMapping> Single(IEnumerable<PortMapping> mappings) => [.. mappings
        .SelectMany(mapping => Enumerable.Range(0, mapping.Range).Select(step => mapping with
        {
            HostPort = mapping.HostPort + step,
            ContainerPort = mapping.ContainerPort + step,
            Range = 1,
        }))
        .OrderBy(mapping => mapping.ContainerPort).ThenBy(mapping => mapping.Protocol, StringComparer.Ordinal)];

    /// <summary>Those of a port in the container: <c>80</c>, which means tcp, or <c>53/udp</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for what is no port; NotFound when it isn't published.</exception>
    public static IReadOnlyList<PortMapping> Find(IReadOnlyList<PortMapping> ports, string wanted)
    {
        var parts = wanted.Split('/', 2);
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > 65535)
            throw EngineErrors.InvalidArgument($"\"{wanted}\" is not a port", wanted, "write it as 80 or 53/udp");
        var protocol = parts.Length > 1 ? parts[1] : "tcp";
        var found = ports.Where(port => port.ContainerPort == number && port.Protocol == protocol).ToArray();
        return found.Length > 0 ? found
            : throw new ContainerEngineException(ErrorKind.NotFound, "PortNotPublished", $"failed to find published port \"{wanted}\"", wanted);
    }

    /// <summary>A mapping as podman's port prints it: <c>80/tcp -&gt; 0.0.0.0:8080</c>.</summary>
    public static string Describe(PortMapping port) => $"{port.ContainerPort}/{port.Protocol} -> {HostEnd(port)}";

    /// <summary>The host's end of a mapping: <c>0.0.0.0:8080</c>.</summary>
    public static string HostEnd(PortMapping port) =>
        $"{(port.HostIp.Length == 0 ? "0.0.0.0" : port.HostIp.Contains(':') ? $"[{port.HostIp}]" : port.HostIp)}:{port.HostPort}";
}

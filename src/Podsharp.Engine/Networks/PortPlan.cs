using System.Globalization;
using System.Net;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Turns what a user asked to publish into mappings that each have a host port.</summary>
internal static class PortPlan
{
    /// <summary>Resolves published ports. Host port 0 gets a free port of the host.</summary>
    /// <param name="ports">What is asked for.</param>
    /// <param name="exposed">Exposed ports of image and spec.</param>
    /// <param name="publishAll">Publish every exposed port that isn't published already.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: out of range, unknown protocol, overlapping; PortInUse: no free one.</exception>
    internal static IReadOnlyList<PortMapping> Resolve(IReadOnlyList<PortMapping> ports, IReadOnlyList<string> exposed, bool publishAll)
    {
        var wanted = ports.Select(Normalize).ToList();
        if (publishAll)
            wanted.AddRange(exposed.Select(ParseExposed).Where(e => !wanted.Any(w => CoversContainerPort(w, e))).ToList());
        var resolved = new List<PortMapping>();
        // Fixed ports first: a chosen one must not take them.
        foreach (var port in wanted.Where(p => p.HostPort != 0).Distinct())
        {
            if (resolved.FirstOrDefault(r => Overlap(r, port)) is { } other)
            {
                throw EngineErrors.InvalidArgument($"the published ports {other} and {port} overlap on the host", port.ToString(), "choose other host ports");
            }
            resolved.Add(port);
        }
        var chosen = new Dictionary<PortMapping, PortMapping>();
        foreach (var port in wanted.Where(p => p.HostPort == 0).Distinct())
        {
            chosen[port] = port with { HostPort = PortReservation.ChooseFree(port, resolved) };
            resolved.Add(chosen[port]);
        }
        return [.. wanted.Distinct().Select(port => chosen.GetValueOrDefault(port, port))];
    }

    /// <summary>The exposed ports of image and spec: <c>80/tcp</c>, each once, in order; ranges are spread out.</summary>
    internal static IReadOnlyList<string> Exposed(IEnumerable<string> image, IEnumerable<string> spec) =>
        [.. image.Concat(spec).Select(ParseExposed)
            .SelectMany(p => Enumerable.Range(p.ContainerPort, p.Range).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n}/{p.Protocol}"))).Distinct()];

    /// <summary>Reads <c>80</c>, <c>53/udp</c>, <c>8000-8010/tcp</c>.</summary>
    internal static PortMapping ParseExposed(string text)
    {
        var slash = text.IndexOf('/');
        var numbers = slash < 0 ? text : text[..slash];
        var dash = numbers.IndexOf('-');
        var firstText = dash < 0 ? numbers : numbers[..dash];
        if (!int.TryParse(firstText, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(dash < 0 ? firstText : numbers[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || last < first)
        {
            throw EngineErrors.InvalidArgument($"\"{text}\" is no exposed port", text, "write it as 80, 53/udp or 8000-8010/tcp");
        }
        return Normalize(new PortMapping { ContainerPort = first, Range = last - first + 1, Protocol = slash < 0 ? "tcp" : text[(slash + 1)..] });
    }

    private static PortMapping Normalize(PortMapping port)
    {
        var protocol = port.Protocol.Length == 0 ? "tcp" : port.Protocol.ToLowerInvariant();
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw EngineErrors.InvalidArgument($"unknown protocol \"{port.Protocol}\" of port {port.ContainerPort}", port.ToString(), "use tcp, udp or sctp");
        if (port.Range < 1 || port.ContainerPort < 1 || port.ContainerPort + port.Range - 1 > 65535)
            throw EngineErrors.InvalidArgument($"container port {port.ContainerPort} is out of range", port.ToString(), "use ports from 1 to 65535");
        if (port.HostPort < 0 || port.HostPort + port.Range - 1 > 65535)
            throw EngineErrors.InvalidArgument($"host port {port.HostPort} is out of range", port.ToString(), "use ports from 1 to 65535, or leave the host port out");
        return port with { Protocol = protocol, HostIp = NormalizeAddress(port.HostIp) };
    }

    private static string NormalizeAddress(string hostIp)
    {
        var text = hostIp.Trim('[', ']');
        if (text.Length == 0 || text == "0.0.0.0") return "";
        // IPAddress also reads "1" and "0x7f.1", which nobody means.
        if (!IPAddress.TryParse(text, out var address) || (!text.Contains(':') && text.Count(c => c == '.') != 3))
            throw EngineErrors.InvalidArgument($"\"{hostIp}\" is no host address to publish on", hostIp, "give an IPv4 or IPv6 address of this host");
        return address.ToString();
    }

    /// <summary>Whether two mappings want the same port of the host.</summary>
    internal static bool Overlap(PortMapping a, PortMapping b) => a.Protocol == b.Protocol
        && a.HostPort < b.HostPort + b.Range && b.HostPort < a.HostPort + a.Range
        && (a.HostIp == b.HostIp || a.HostIp.Length == 0 || b.HostIp.Length == 0);

    private static bool CoversContainerPort(PortMapping published, PortMapping exposed) => published.Protocol == exposed.Protocol
        && published.ContainerPort <= exposed.ContainerPort && exposed.ContainerPort + exposed.Range <= published.ContainerPort + published.Range;
}

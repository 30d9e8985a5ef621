using System.Globalization;
using System.Net;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads published ports: <c>[[IP:]HOSTPORT:]PORT[/PROTOCOL]</c>. Ports may be ranges of equal length; without a host port, or
/// with 0, the engine chooses a free one. An IPv6 address stands in brackets.</summary>
public static class PortMappingParser
{
    /// <summary>Reads a published port or range.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static PortMapping Parse(string text)
    {
        var (body, protocol) = SplitProtocol(text);
        var (address, ports) = SplitAddress(body, text);
        var parts = ports.Split(':');
        if (parts.Length > 2 || parts[^1].Length == 0)
            throw Invalid(text, "write it as HOSTPORT:PORT, IP:HOSTPORT:PORT or PORT");
        var (containerFirst, containerCount) = ParseRange(parts[^1], text);
        if (containerFirst == 0)
            throw Invalid(text, "the container's port can't be 0");
        if (parts.Length == 1 || parts[0] is "" or "0")
            return new() { HostIp = address, ContainerPort = containerFirst, Range = containerCount, Protocol = protocol };
        var (hostFirst, hostCount) = ParseRange(parts[0], text);
        if (hostCount != containerCount)
            throw Invalid(text, $"the host's range has {hostCount} port(s) and the container's {containerCount}: make them equally long");
        return new() { HostIp = address, HostPort = hostFirst, ContainerPort = containerFirst, Range = containerCount, Protocol = protocol };
    }

    /// <summary>Checks an exposed port: <c>80</c>, <c>53/udp</c>, <c>8000-8010/tcp</c>.</summary>
    /// <returns>The text with its protocol.</returns>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static string ParseExposed(string text)
    {
        var (body, protocol) = SplitProtocol(text);
        ParseRange(body, text);
        return body + "/" + protocol;
    }

    private static (string Body, string Protocol) SplitProtocol(string text)
    {
        var slash = text.IndexOf('/');
        if (slash < 0)
            return (text, "tcp");
        var protocol = text[(slash + 1)..].ToLowerInvariant();
        return protocol is "tcp" or "udp" or "sctp" ? (text[..slash], protocol) : throw Invalid(text, "the protocol is tcp, udp or sctp");
    }

    private static (string Address, string Ports) SplitAddress(string body, string text)
    {
        if (body.StartsWith('['))
        {
            var end = body.IndexOf("]:", StringComparison.Ordinal);
            if (end < 0 || !IPAddress.TryParse(body.AsSpan(1, end - 1), out _))
                throw Invalid(text, "write an IPv6 address as [::1]:8080:80");
            return (body[1..end], body[(end + 2)..]);
        }
        var parts = body.Split(':');
        if (parts.Length != 3)
            return ("", body);
        if (parts[0].Length > 0 && !IPAddress.TryParse(parts[0], out _))
            throw Invalid(text, $"\"{parts[0]}\" is not an IP address");
        return (parts[0], $"{parts[1]}:{parts[2]}");
    }

    private static (int First, int Count) ParseRange(string text, string whole)
    {
        var dash = text.IndexOf('-');
        var first = Port(dash < 0 ? text : text[..dash], whole);
        var last = dash < 0 ? first : Port(text[(dash + 1)..], whole);
        return last < first ? throw Invalid(whole, "a range begins with its lower port") : (first, last - first + 1);
    }

    private static int Port(string text, string whole) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port
            : throw Invalid(whole, $"\"{text}\" is not a port from 1 to 65535");

    private static ContainerEngineException Invalid(string text, string remedy) =>
        EngineErrors.InvalidArgument($"invalid port mapping \"{text}\"", text, remedy);
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>What <c>--network slirp4netns:OPTION=VALUE,...</c> and containers.conf's <c>network_cmd_options</c> ask for, in podman's words.</summary>
internal sealed record SlirpOptions
{
    private const int SmallestMtu = 68; // RFC 791

    /// <summary>The network between the container and slirp4netns.</summary>
    internal IPNetwork Subnet { get; private init; } = IPNetwork.Parse("10.0.2.0/24");

    /// <summary>The network in the user's own words; null for slirp4netns's default.</summary>
    internal string? Cidr { get; private init; }

    /// <summary>Whether the container reaches the host's loopback by the gateway's address.</summary>
    internal bool HostLoopback { get; private init; }

    /// <summary>Whether it has IPv6, too.</summary>
    internal bool IPv6 { get; private init; } = true;

    /// <summary>The size of packets, in bytes.</summary>
    internal int Mtu { get; private init; } = 65520;

    /// <summary>The host's address or interface to go out by; null for the routes' choice.</summary>
    internal string? Outbound { get; private init; }

    /// <summary>The same for IPv6.</summary>
    internal string? Outbound6 { get; private init; }

    /// <summary>The container's address.</summary>
    internal string Address => Numbered(100);

    /// <summary>Where its questions for names go on to the host's servers.</summary>
    internal string NameServer => Numbered(3);

    /// <summary>Reads the options.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; Unsupported: another program is to forward ports.</exception>
    internal static SlirpOptions Parse(IEnumerable<string> defaults, string given)
    {
        var options = new SlirpOptions();
        foreach (var text in defaults.Concat(given.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            var parts = text.Split('=', 2);
            if (parts.Length < 2) throw Unknown(text);
            options = With(options, text, parts[0], parts[1]);
        }
        if (options is { Outbound6: { } address, IPv6: false })
            throw EngineErrors.InvalidArgument("enable_ipv6=true is required for outbound_addr6", address, "leave out outbound_addr6, or enable IPv6");
        return options;
    }

    private static SlirpOptions With(SlirpOptions options, string text, string name, string value) => name switch
    {
        "cidr" when value.Contains('/') && IPAddress.TryParse(value.Split('/')[0], out var address) && address.AddressFamily == AddressFamily.InterNetwork
            && int.TryParse(value.Split('/')[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is > 0 and <= 25 =>
            options with { Cidr = value, Subnet = AddressMath.NetworkOf(address, length) },
        "cidr" => throw Invalid(name, value, "give an IPv4 network of 128 addresses or more, for example 10.0.2.0/24"),
        "port_handler" when value == "slirp4netns" => options,
        "port_handler" when value == "rootlesskit" => throw EngineErrors.Unsupported("ports of slirp4netns are forwarded by itself: the port handler rootlesskit is podman's own program", value,
            "leave port_handler out, or use pasta, which keeps the addresses of clients"),
        "port_handler" => throw Invalid(name, value, "use slirp4netns"),
        "allow_host_loopback" => options with { HostLoopback = Boolean(name, value) },
        "enable_ipv6" => options with { IPv6 = Boolean(name, value) },
        "mtu" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) && mtu >= SmallestMtu
            ? options with { Mtu = mtu } : throw Invalid(name, value, "give a number of bytes from 68 on"),
        "outbound_addr" => options with { Outbound = HostEnd(name, value, AddressFamily.InterNetwork) },
        "outbound_addr6" => options with { Outbound6 = HostEnd(name, value, AddressFamily.InterNetworkV6) },
        _ => throw Unknown(text),
    };

    private static bool Boolean(string name, string value) => value is "true" or "false" ? value == "true" : throw Invalid(name, value, "use true or false");

    private static string HostEnd(string name, string value, AddressFamily family) =>
        (IPAddress.TryParse(value, out var address) && address.AddressFamily == family) || (value.Length > 0 && !value.Contains('/') && Directory.Exists("/sys/class/net/" + value))
            ? value : throw Invalid(name, value, "give an address or an interface of this host");

    private string Numbered(int number) => AddressMath.ToAddress(AddressMath.ToNumber(Subnet.BaseAddress) + number, AddressFamily.InterNetwork).ToString();

    private static ContainerEngineException Unknown(string text) => EngineErrors.InvalidArgument($"unknown option for slirp4netns: \"{text}\"", text,
        "use cidr, mtu, enable_ipv6, allow_host_loopback, outbound_addr, outbound_addr6 or port_handler, each with =VALUE");

    private static ContainerEngineException Invalid(string name, string value, string remedy) =>
        EngineErrors.InvalidArgument($"invalid {name} of slirp4netns: \"{value}\"", value, remedy);
}

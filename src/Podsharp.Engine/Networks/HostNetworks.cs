using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Podsharp.Engine.Networks;

/// <summary>The networks this host reaches directly, from procfs: no process and no netlink socket is needed to ask.</summary>
internal static class HostNetworks
{
    /// <summary>Routes and interface addresses of both families. Default routes are left out: they overlap everything.</summary>
    /// <param name="procNet">The directory to read, <c>/proc/net</c> but in tests. <c>/proc/net</c> follows the process's main thread.</param>
    internal static IReadOnlyList<IPNetwork> Read(string procNet = "/proc/net")
    {
        var networks = new HashSet<IPNetwork>();
        foreach (var line in Lines(procNet, "route").Skip(1)) AddIfSpecific(networks, ParseRoute4(line));
        foreach (var line in Lines(procNet, "ipv6_route")) AddIfSpecific(networks, ParseRoute6(line));
        foreach (var address in ParseTrie(Lines(procNet, "fib_trie"))) networks.Add(new IPNetwork(address, 32));
        return [.. networks];
    }

    /// <summary>The addresses in fib_trie marked <c>/32 host LOCAL</c>: those of the host's own interfaces.</summary>
    internal static IEnumerable<IPAddress> ParseTrie(IEnumerable<string> lines)
    {
        IPAddress? last = null;
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.StartsWith("|-- ", StringComparison.Ordinal))
                last = IPAddress.TryParse(text.AsSpan(4), out var address) ? address : null;
            else if (text == "/32 host LOCAL" && last is not null)
                yield return last;
        }
    }

    // Iface Destination Gateway Flags RefCnt Use Metric Mask ...; numbers are hexadecimal in the host's byte order.
    private static IPNetwork? ParseRoute4(string line)
    {
        var fields = line.Split('\t', StringSplitOptions.TrimEntries);
        if (fields.Length < 8 || !uint.TryParse(fields[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var destination)
            || !uint.TryParse(fields[7], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask))
            return null;
        return AddressMath.NetworkOf(new IPAddress(destination), int.CreateChecked(uint.PopCount(mask)));
    }

    // destination prefix source prefix ...; numbers are hexadecimal in network order.
    private static IPNetwork? ParseRoute6(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 2 && fields[0].Length == 32 && byte.TryParse(fields[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var prefix)
            ? AddressMath.NetworkOf(new IPAddress(Convert.FromHexString(fields[0])), prefix)
            : null;
    }

    private static void AddIfSpecific(HashSet<IPNetwork> networks, IPNetwork? network)
    {
        if (network is { PrefixLength: > 0 } specific) networks.Add(specific);
    }

    private static string[] Lines(string directory, string file)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(directory, file));
        }
        catch (IOException)
        {
            return []; // a kernel without this family
        }
    }

    /// <summary>An address of this host that other machines may reach: of the interface with the default route, else any but loopback.</summary>
    internal static IPAddress? FirstAddress(string procNet = "/proc/net") =>
        ParseTrie(Lines(procNet, "fib_trie")).FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
}

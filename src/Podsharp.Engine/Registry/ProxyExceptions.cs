using System.Globalization;
using System.Net;

namespace Podsharp.Engine.Registry;

/// <summary>What <c>NO_PROXY</c> lists: <c>*</c>, addresses, networks (<c>10.0.0.0/8</c>), hosts with all below them, and with a dot in front only
/// what is below them; each but networks with a port or without.</summary>
/// <param name="list">The variable's value.</param>
internal sealed class ProxyExceptions(string list)
{
    private readonly string[] _entries = list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether a place is to be reached directly.</summary>
    internal bool Cover(Uri place) => Array.Exists(_entries, entry => Covers(entry, place));

    private static bool Covers(string entry, Uri place)
    {
        if (entry == "*")
        {
            return true;
        }
        var address = IPAddress.TryParse(place.DnsSafeHost, out var numeric) ? numeric : null;
        if (entry.Contains('/'))
        {
            return address is not null && IPNetwork.TryParse(entry, out var network) && network.Contains(address);
        }
        var (host, port) = Split(entry);
        if (port is { } wanted && wanted != place.Port)
        {
            return false;
        }
        return IPAddress.TryParse(host, out var listed) ? listed.Equals(address) : IsAtOrBelow(place.DnsSafeHost, host);
    }

    private static bool IsAtOrBelow(string name, string entry)
    {
        var isBelowOnly = entry.StartsWith('.') || entry.StartsWith("*.", StringComparison.Ordinal);
        var domain = entry.TrimStart('*').TrimStart('.');
        return name.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase) || (!isBelowOnly && name.Equals(domain, StringComparison.OrdinalIgnoreCase));
    }

    // An IPv6 address has colons of its own, and brackets where it has a port.
    private static (string Host, int? Port) Split(string entry)
    {
        var colon = entry.LastIndexOf(':');
        return colon > 0 && (entry[colon - 1] == ']' || entry.IndexOf(':') == colon) && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (entry[..colon].Trim('[', ']'), port) : (entry.Trim('[', ']'), null);
    }
}

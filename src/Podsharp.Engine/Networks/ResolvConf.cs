using System.Net;
using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>A container's /etc/resolv.conf.</summary>
internal static class ResolvConf
{
    private static readonly string[] FallbackServers = ["8.8.8.8", "8.8.4.4"];

    /// <summary>Makes the file's text: the user's servers, else the networks', else the host's.</summary>
    internal static string Build(ResolvRequest request)
    {
        var host = Parse(request.HostContent);
        var search = request.Search.Count > 0 ? [.. request.Search.Where(s => s != ".")] : request.Status.SelectMany(s => s.DnsSearch).Concat(host.Search).Distinct().ToList();
        var text = new StringBuilder();
        if (search.Count > 0) text.Append("search ").AppendJoin(' ', search).Append('\n');
        foreach (var server in Servers(request, host)) text.Append("nameserver ").Append(server).Append('\n');
        IReadOnlyList<string> options = request.Options.Count > 0 ? request.Options : host.Options;
        if (options.Count > 0) text.Append("options ").AppendJoin(' ', options).Append('\n');
        return text.ToString();
    }

    // A network's own server (aardvark-dns) forwards to the user's servers, which netavark was told: it stays the only one, or
    // names of other containers would not be found.
    private static List<string> Servers(ResolvRequest request, HostResolver host)
    {
        var network = request.Status.SelectMany(s => s.DnsServers).Distinct().ToList();
        if (network.Count > 0) return network;
        if (request.Servers.Count > 0) return [.. request.Servers];
        if (request.HostNetwork) return host.Servers;
        // The host's own resolver on loopback can't be reached from another network namespace.
        var reachable = host.Servers.Where(s => !(IPAddress.TryParse(s.Split('%')[0], out var address) && IPAddress.IsLoopback(address))).ToList();
        if (request.Forwarder is { } forwarder) return [forwarder, .. reachable];
        return reachable.Count > 0 ? reachable : [.. FallbackServers];
    }

    /// <summary>The host's file: with systemd-resolved the one that names the real servers.</summary>
    internal static string HostContent(string systemRoot = "")
    {
        const string resolved = "/run/systemd/resolve/resolv.conf";
        var text = Encoding.UTF8.GetString(Files.TryReadAll(systemRoot + "/etc/resolv.conf") ?? []);
        var servers = Parse(text).Servers;
        return servers is ["127.0.0.53"] && Files.TryReadAll(systemRoot + resolved) is { } real ? Encoding.UTF8.GetString(real) : text;
    }

    private static HostResolver Parse(string content)
    {
        var host = new HostResolver([], [], []);
        foreach (var line in content.Split('\n'))
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 2 || fields[0][0] is '#' or ';') continue;
            if (fields[0] == "nameserver") host.Servers.Add(fields[1]);
            else if (fields[0] == "options") host.Options.AddRange(fields.Skip(1));
            else if (fields[0] is "search" or "domain")
            {
                // The last line counts (resolv.conf(5)).
                host.Search.Clear();
                host.Search.AddRange(fields.Skip(1));
            }
        }
        return host;
    }

    private sealed record HostResolver(List<string> Servers, List<string> Search, List<string> Options);
}

/// <summary>What a resolv.conf is made of.</summary>
internal sealed record ResolvRequest
{
    /// <summary>The user's servers.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>The user's search domains; a single "." is none at all.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>The user's options.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>What the container got in its networks.</summary>
    public IReadOnlyList<NetworkStatus> Status { get; init; } = [];

    /// <summary>It shares the host's network.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>A server that passes questions on to the host's; null for none.</summary>
    public string? Forwarder { get; init; }

    /// <summary>The host's file (<see cref="ResolvConf.HostContent"/>).</summary>
    public string HostContent { get; init; } = "";
}

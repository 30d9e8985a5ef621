using System.Net;
using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>A container's /etc/hosts.</summary>
internal static class HostsFile
{
    /// <summary>Makes the file's text, in podman's order: extra hosts, the base file, localhost, the host's names, the container's.</summary>
    /// <param name="request">What goes in.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: an extra host can't be read.</exception>
    internal static string Build(HostsRequest request)
    {
        var lines = new List<Line>();
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var gateway = HostGateway(request);
        foreach (var extra in request.AddHosts) Add(lines, known, ParseExtra(extra, gateway));
        foreach (var line in Entries(request.BaseContent)) Add(lines, known, line);
        if (!known.Contains("localhost"))
        {
            lines.Add(new("127.0.0.1", "localhost"));
            lines.Add(new("::1", "localhost"));
        }
        if (gateway is not null) AddMissing(lines, known, gateway, "host.containers.internal", "host.docker.internal");
        var own = request.Status.SelectMany(s => s.Addresses).Select(a => a.Split('/')[0]).ToList();
        if (own.Count == 0 && request.LocalAddress is { } local) own.Add(local);
        foreach (var address in own) lines.Add(new(address, Names(request, known)));
        var text = new StringBuilder();
        foreach (var (address, names) in lines.Where(l => l.Names.Length > 0)) text.Append(address).Append('\t').Append(names).Append('\n');
        return text.ToString();
    }

    /// <summary>Replaces a hosts file's text in place: it is bind-mounted, so the file must stay the same one.</summary>
    internal static void Rewrite(string path, string text)
    {
        using var file = Files.Open(path, OpenFlags.WriteOnly | OpenFlags.Truncate | OpenFlags.NoFollow);
        Files.Write(file, Encoding.UTF8.GetBytes(text), path);
    }

    /// <summary>Brings a change into a file that somebody else has changed, too: lines that the change takes away go, those that it brings come at the end.</summary>
    /// <param name="current">What the file says.</param>
    /// <param name="former">What it was given before.</param>
    /// <param name="now">What it is to say.</param>
    /// <param name="complete">Whether lines that both have, and that are missing, come back.</param>
    internal static string Merge(string current, string former, string now, bool complete = false)
    {
        var before = former.Split('\n').ToHashSet();
        var after = now.Split('\n').ToHashSet();
        var lines = current.TrimEnd('\n').Split('\n').Where(line => current.Length > 0 &&  after.Contains(line) || !before.Contains(line)).ToList();
        return string.Concat(lines.Concat(now.Split('\n').Where(line => line.Length > 0 && (complete || !before.Contains(line)) && !lines.Contains(line))).Select(line => line + "\n"));
    }

    // What "host-gateway" and host.containers.internal stand for.
    private static string? HostGateway(HostsRequest request) => request.HostInternalAddress is { Length: > 0 } chosen
        ? chosen == "none" ? null : chosen
        : request.HostNetwork ? "127.0.0.1"
        : request.HostAddress;

    private static Line ParseExtra(string extra, string? gateway)
    {
        // name[;name]:address or name=address; the address may hold colons.
        var split = extra.IndexOfAny(['=', ':']);
        if (split <= 0 || split == extra.Length - 1) throw BadExtra(extra);
        var address = extra[(split + 1)..].Trim('[', ']');
        if (address == "host-gateway")
        {
            address = gateway ?? throw EngineErrors.InvalidArgument($"\"{extra}\": the host has no address in this container's network", extra,
                "give the address itself, or host_containers_internal_ip in containers.conf");
        }
        else if (!IPAddress.TryParse(address, out _))
        {
            throw BadExtra(extra);
        }
        return new(address, extra[..split].Replace(';', ' '));
    }

    private static ContainerEngineException BadExtra(string extra) =>
        EngineErrors.InvalidArgument($"\"{extra}\" is no extra host", extra, "write it as NAME:ADDRESS");

    private static IEnumerable<Line> Entries(string content)
    {
        foreach (var raw in content.Split('\n'))
        {
            var fields = raw.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 1) yield return new(fields[0], string.Join(' ', fields.Skip(1)));
        }
    }

    private static void Add(List<Line> lines, HashSet<string> known, Line line)
    {
        lines.Add(line);
        known.UnionWith(line.Names.Split(' '));
    }

    private static void AddMissing(List<Line> lines, HashSet<string> known, string address, params IEnumerable<string> names)
    {
        var missing = names.Where(n => !known.Contains(n)).ToList();
        if (missing.Count > 0) Add(lines, known, new(address, string.Join(' ', missing)));
    }

    private static string Names(HostsRequest request, HashSet<string> known) =>
        string.Join(' ', new[] { request.HostName, request.ContainerName }.Where(n => n.Length > 0 && !known.Contains(n)).Distinct());

    private sealed record Line(string Address, string Names);
}

/// <summary>What a hosts file is made of.</summary>
internal sealed record HostsRequest
{
    /// <summary>Extra hosts, <c>name:address</c>.</summary>
    public IReadOnlyList<string> AddHosts { get; init; } = [];

    /// <summary>The base file's content: the host's /etc/hosts, the image's, or nothing (containers.conf <c>base_hosts_file</c>).</summary>
    public string BaseContent { get; init; } = "";

    /// <summary>The container's host name.</summary>
    public string HostName { get; init; } = "";

    /// <summary>The container's name; empty where it shares the host's network.</summary>
    public string ContainerName { get; init; } = "";

    /// <summary>What it got in its networks.</summary>
    public IReadOnlyList<NetworkStatus> Status { get; init; } = [];

    /// <summary>It shares the host's network.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>containers.conf's <c>host_containers_internal_ip</c>; "none" leaves the name out.</summary>
    public string? HostInternalAddress { get; init; }

    /// <summary>The host's address as the container sees it; null leaves the names out.</summary>
    public string? HostAddress { get; init; }

    /// <summary>The container's address where no network gave it one: 127.0.0.1, or a host address with the host's network.</summary>
    public string? LocalAddress { get; init; }
}

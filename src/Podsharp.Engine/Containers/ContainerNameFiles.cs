using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>The files of a container that say who is called what: /etc/hosts and /etc/resolv.conf.</summary>
internal sealed class ContainerNameFiles(EngineParts parts)
{
    /// <summary>Writes the hosts file.</summary>
    /// <param name="record">With its network set up.</param>
    /// <param name="peer">The container whose network it shares, and so its file; null for none.</param>
    /// <returns>Its path; null where the image's stays.</returns>
    public string? WriteHosts(ContainerRecord record, ContainerRecord? peer)
    {
        var spec = record.Config.Spec;
        if (spec.NoHosts || parts.Conf.Containers.NoHosts)
            return null;
        if (peer is not null)
        {
            parts.PodHosts.Add(record);
            return Existing(peer, "hosts");
        }
        return ContainerBundles.WriteFile(parts.Storage.RunDirectory(record.Id), "hosts", Hosts(record, record.Run!.NetworkStatus));
    }

    /// <summary>Writes resolv.conf.</summary>
    /// <returns>As <see cref="WriteHosts"/>.</returns>
    public string? WriteResolvConf(ContainerRecord record, ContainerRecord? peer)
    {
        if (record.Config.Spec.DnsServers is ["none"] || record.Config.Network.Kind == NamespaceKind.None)
            return null;
        return peer is not null ? Existing(peer, "resolv.conf")
            : ContainerBundles.WriteFile(parts.Storage.RunDirectory(record.Id), "resolv.conf", Resolver(record, record.Run!.NetworkStatus));
    }

    /// <summary>Has a running container's files say what networks it has now. They stay the same files, since they are mounted in it;
    /// one that somebody has changed keeps its other lines.</summary>
    /// <param name="record">With what it has now.</param>
    /// <param name="former">What it had.</param>
    /// <param name="complete">Whoever did this before was killed, perhaps while he wrote: lines that are missing come back.</param>
    public void Rewrite(ContainerRecord record, IReadOnlyList<NetworkStatus> former, bool complete)
    {
        var directory = parts.Storage.RunDirectory(record.Id);
        var now = record.Run!.NetworkStatus;
        Rewrite(Path.Combine(directory, "hosts"), Hosts(record, former), Hosts(record, now), complete);
        Rewrite(Path.Combine(directory, "resolv.conf"), Resolver(record, former), Resolver(record, now), complete);
    }

    private static void Rewrite(string path, string former, string now, bool complete)
    {
        if ((former == now && !complete) || Files.TryReadAll(path) is not { } bytes)
            return;
        var current = Encoding.UTF8.GetString(bytes);
        var text = current == former ? now : HostsFile.Merge(current, former, now, complete);
        if (text != current)
            HostsFile.Rewrite(path, text);
    }

    private string Hosts(ContainerRecord record, IReadOnlyList<NetworkStatus> status)
    {
        var mode = record.Config.Network.Kind;
        var way = mode == NamespaceKind.Private && parts.Networks.ForwardsPorts ? parts.Networks.RootlessWay() : null;
        var slirp = mode == NamespaceKind.Slirp4netns ? parts.Networks.SlirpOptions(record.Config) : null;
        return HostsFile.Build(new HostsRequest
        {
            AddHosts = record.Config.Spec.AddHosts,
            BaseContent = HostsBase(record),
            HostName = parts.Specs.Preview(record.Config).HostName,
            ContainerName = mode == NamespaceKind.Host ? "" : record.Name,
            Status = status,
            HostNetwork = mode == NamespaceKind.Host,
            // pasta gives the container the host's own address, and maps another one to the host.
            LocalAddress = slirp is not null ? slirp.Address : mode == NamespaceKind.Pasta ? HostNetworks.FirstAddress()?.ToString() : mode == NamespaceKind.None ? "127.0.0.1" : null,
            HostAddress = way is not null ? way.HostAddress : mode == NamespaceKind.Pasta ? Pasta.GuestAddress : BridgeAddress(status) ?? HostNetworks.FirstAddress()?.ToString(),
            HostInternalAddress = parts.Conf.Containers.HostContainersInternalAddress,
        });
    }

    /// <summary>The host's address in a bridge network. Other networks' gateways are other machines.</summary>
    private string? BridgeAddress(IReadOnlyList<NetworkStatus> status) => status
        .Where(network => network.Gateways.Count > 0 && parts.Networks.Store.Find(network.Network)?.Driver == NetworkDefinition.Bridge)
        .SelectMany(network => network.Gateways).OrderBy(gateway => gateway.Contains(':')).FirstOrDefault();

    private string HostsBase(ContainerRecord record) => (record.Config.Spec.HostsFile ?? parts.Conf.Containers.BaseHostsFile) switch
    {
        "none" => "",
        "image" => ReadInRoot(record.Run!.RootPath, "etc/hosts"),
        null or "" => Read("/etc/hosts") ?? "",
        var path => Read(path) ?? throw new ContainerEngineException(ErrorKind.NotFound, "HostsFileNotFound", $"the file for /etc/hosts isn't there: {path}", path,
            "put it back, or make the container anew with another one"),
    };

    private string Resolver(ContainerRecord record, IReadOnlyList<NetworkStatus> status)
    {
        var spec = record.Config.Spec;
        var defaults = parts.Conf.Containers;
        return ResolvConf.Build(new ResolvRequest
        {
            Servers = spec.DnsServers.Count > 0 ? spec.DnsServers : defaults.DnsServers,
            Search = spec.DnsSearch.Count > 0 ? spec.DnsSearch : defaults.DnsSearches,
            Options = spec.DnsOptions.Count > 0 ? spec.DnsOptions : defaults.DnsOptions,
            Status = status,
            HostNetwork = record.Config.Network.Kind == NamespaceKind.Host,
            Forwarder = record.Config.Network.Kind switch
            {
                NamespaceKind.Pasta => Pasta.DnsForward,
                NamespaceKind.Private when parts.Networks.ForwardsPorts => parts.Networks.RootlessWay().Forwarder,
                NamespaceKind.Slirp4netns => parts.Networks.SlirpOptions(record.Config).NameServer,
                _ => null,
            },
            HostContent = ResolvConf.HostContent(),
        });
    }

    private string? Existing(ContainerRecord peer, string name)
    {
        var path = Path.Combine(parts.Storage.RunDirectory(peer.Id), name);
        return File.Exists(path) ? path : null;
    }

    private static string? Read(string path) => Files.TryReadAll(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static string ReadInRoot(string root, string path)
    {
        using var directory = Files.Open(root, OpenFlags.Path | OpenFlags.Directory);
        return UserLookup.ReadConfined(directory, path);
    }
}

using Podsharp.Engine.Configuration;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Where networks are defined and with what they are made.</summary>
internal sealed record NetworkSettings
{
    /// <summary>Directory of the network files, shared with podman.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>Where the default network's definition is kept once more, for the case that podman removes its file (<c>network prune</c>)
    /// while containers of ours are on it; null keeps none.</summary>
    public string? DefaultCopyPath { get; init; }

    /// <summary>netavark's own state (firewall, aardvark-dns), shared with podman: one DNS server serves the containers of both.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>The lock under which network files are read or written by those who write.</summary>
    public required string LockPath { get; init; }

    /// <summary>Directory of the network namespace files.</summary>
    public required string NamespaceDirectory { get; init; }

    /// <summary>Directories in which netavark and aardvark-dns are looked for.</summary>
    public IReadOnlyList<string> HelperDirectories { get; init; } = [];

    /// <summary>Directories of netavark's plug-ins.</summary>
    public IReadOnlyList<string> PluginDirectories { get; init; } = [];

    /// <summary>iptables, nftables, firewalld or none; null lets netavark choose.</summary>
    public string? FirewallDriver { get; init; }

    /// <summary>Servers to which the networks' DNS servers forward where a container names none; empty: the host's.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];

    /// <summary>Port of the networks' DNS servers.</summary>
    public long DnsPort { get; init; } = 53;

    /// <summary>Subnets for new networks.</summary>
    public IReadOnlyList<SubnetPool> SubnetPools { get; init; } = [];

    /// <summary>Whether the engine runs in a user namespace.</summary>
    public bool Rootless { get; init; }

    /// <summary>The environment from which the helper programs' few variables are taken.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = EmptyDictionary.Strings;

    /// <summary>Options that pasta gets each time.</summary>
    public IReadOnlyList<string> PastaOptions { get; init; } = [];

    /// <summary>Whether networks are CNI's, not netavark's.</summary>
    public bool UsesCni { get; init; }

    /// <summary>Directories of CNI plugins.</summary>
    public IReadOnlyList<string> CniPluginDirectories { get; init; } = [];

    /// <summary>Where what CNI plugins answered is kept: libcni's place.</summary>
    public string CniResultDirectory { get; init; } = "/var/lib/cni/results";

    /// <summary>slirp4netns's path; null for where programs are.</summary>
    public string? NetworkCommand { get; init; }

    /// <summary>Options that slirp4netns gets each time, in podman's words.</summary>
    public IReadOnlyList<string> NetworkCommandOptions { get; init; } = [];

    /// <summary>Where sockets lie while they are needed.</summary>
    public string SocketDirectory { get; init; } = "";

    /// <summary>Directory of an ordinary user's network namespace.</summary>
    public string RootlessDirectory { get; init; } = "";

    /// <summary>The lock under which that namespace is made and taken away.</summary>
    public string RootlessLock { get; init; } = "";

    /// <summary>What connects an ordinary user's containers, pasta or slirp4netns.</summary>
    public string RootlessMode { get; init; } = "pasta";

    /// <summary>Where programs are looked for. A caller's PATH often lacks the sbin directories, where iptables and nft are.</summary>
    internal string SearchPath()
    {
        const string system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        return Environment.TryGetValue("PATH", out var path) && path.Length > 0 ? path + ":" + system : system;
    }

    /// <summary>A helper program's path; null where it isn't installed.</summary>
    internal string? FindHelper(string program) => HelperDirectories.Concat(SearchPath().Split(':'))
        .Where(directory => directory.StartsWith('/')).Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    /// <summary>The settings of this host.</summary>
    /// <param name="environment">Environment and user.</param>
    /// <param name="conf">containers.conf.</param>
    /// <param name="paths">The engine's directories.</param>
    /// <param name="options">What the caller chose.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: no such network backend.</exception>
    internal static NetworkSettings From(ConfigurationEnvironment environment, ContainersConf conf, EnginePaths paths, EngineOptions options) => new()
    {
        UsesCni = IsCni(conf.Network.Backend),
        CniPluginDirectories = conf.Network.CniPluginDirectories,
        NetworkCommand = options.NetworkCommandPath ?? conf.Engine.NetworkCommandPath,
        NetworkCommandOptions = conf.Engine.NetworkCommandOptions,
        SocketDirectory = paths.TmpDirectory,
        RootlessDirectory = paths.RootlessNetworkDirectory,
        RootlessLock = Path.Combine(paths.LockDirectory, "rootless-netns"),
        RootlessMode = conf.Network.DefaultRootlessNetworkCommand,
        ConfigDirectory = options.NetworkConfigDirectory ?? conf.Network.ConfigurationDirectory
            ?? (IsCni(conf.Network.Backend) && !environment.IsRootless ? "/etc/cni/net.d" : paths.NetworkConfigDirectory),
        DefaultCopyPath = Path.Combine(paths.StateDirectory, IsCni(conf.Network.Backend) ? "network.conflist" : "network.json"),
        RunDirectory = paths.NetavarkDirectory,
        LockPath = environment.IsRootless ? Path.Combine(paths.NetworkConfigDirectory, "netavark.lock") : "/run/lock/netavark.lock",
        NamespaceDirectory = paths.NetnsDirectory,
        HelperDirectories = conf.Engine.HelperDirectories,
        PluginDirectories = conf.Network.NetavarkPluginDirectories,
        FirewallDriver = environment.Variable("NETAVARK_FW") ?? conf.Network.FirewallDriver,
        DnsServers = conf.Containers.DnsServers,
        DnsPort = conf.Network.DnsBindPort,
        PastaOptions = conf.Network.PastaOptions,
        SubnetPools = conf.Network.DefaultSubnetPools,
        Rootless = environment.IsRootless,
        Environment = environment.Variables,
    };

    private static bool IsCni(string? backend) => backend switch
    {
        null or "" or "netavark" => false,
        "cni" => true,
        _ => throw EngineErrors.InvalidArgument($"unsupported network backend \"{backend}\" in containers.conf", backend, "set network_backend to netavark or cni"),
    };
}

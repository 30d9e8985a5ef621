using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Where networks are defined and with what they are made.</summary>
internal sealed record NetworkSettings
{
    /// <summary>Directory of the network files, shared with podman.</summary>
    public required string ConfigDirectory { get; init; }

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

    /// <summary>Port of the networks' DNS servers.</summary>
    public long DnsPort { get; init; } = 53;

    /// <summary>Subnets for new networks.</summary>
    public IReadOnlyList<SubnetPool> SubnetPools { get; init; } = [];

    /// <summary>Whether the engine runs in a user namespace.</summary>
    public bool Rootless { get; init; }

    /// <summary>The environment from which the helper programs' few variables are taken.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = EmptyDictionary.Strings;

    /// <summary>The settings of this host.</summary>
    /// <param name="environment">Environment, user and directories.</param>
    /// <param name="conf">containers.conf.</param>
    /// <param name="graphRoot">Root of the image store: the user's network files lie below it.</param>
    /// <param name="runRoot">Run-time root of the image store.</param>
    /// <param name="configDirectory">The caller's choice (--network-config-dir).</param>
    internal static NetworkSettings From(ConfigurationEnvironment environment, ContainersConf conf, string graphRoot, string runRoot,
        string? configDirectory)
    {
        var rootless = environment.IsRootless;
        var userRun = environment.Variable("XDG_RUNTIME_DIR") ?? Path.Combine(runRoot, "..");
        var config = configDirectory ?? conf.Network.ConfigurationDirectory
            ?? (rootless ? Path.Combine(graphRoot, "networks") : environment.SystemPath("/etc/containers/networks"));
        return new NetworkSettings
        {
            ConfigDirectory = config,
            RunDirectory = rootless ? Path.Combine(runRoot, "networks") : environment.SystemPath("/run/containers/networks"),
            LockPath = rootless ? Path.Combine(config, "netavark.lock") : environment.SystemPath("/run/lock/netavark.lock"),
            NamespaceDirectory = rootless ? Path.Combine(userRun, "netns") : environment.SystemPath("/run/netns"),
            HelperDirectories = conf.Engine.HelperDirectories,
            PluginDirectories = conf.Network.NetavarkPluginDirectories,
            FirewallDriver = environment.Variable("NETAVARK_FW") ?? conf.Network.FirewallDriver,
            DnsPort = conf.Network.DnsBindPort,
            SubnetPools = conf.Network.DefaultSubnetPools,
            Rootless = rootless,
            Environment = environment.Variables,
        };
    }
}

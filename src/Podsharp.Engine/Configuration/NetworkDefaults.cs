namespace Podsharp.Engine.Configuration;

/// <summary>Networks: the table <c>[network]</c>.</summary>
internal sealed record NetworkDefaults
{
    /// <summary>Backend, <c>netavark</c> or <c>cni</c>; null: what the host has.</summary>
    public string? Backend { get; init; }

    /// <summary>Firewall driver of netavark; null: its own choice.</summary>
    public string? FirewallDriver { get; init; }

    /// <summary>Pools that new networks take their subnet from.</summary>
    public IReadOnlyList<SubnetPool> DefaultSubnetPools { get; init; } =
    [
        new("10.89.0.0/16", 24), new("10.90.0.0/15", 24), new("10.92.0.0/14", 24), new("10.96.0.0/11", 24), new("10.128.0.0/9", 24),
    ];

    /// <summary>Subnet of the default network.</summary>
    public string DefaultSubnet { get; init; } = "10.88.0.0/16";

    /// <summary>Name of the default network; null: not configured.</summary>
    public string? DefaultNetwork { get; init; }

    /// <summary>Directory of the network files; null: the default one.</summary>
    public string? ConfigurationDirectory { get; init; }

    /// <summary>Rootless network, <c>pasta</c> or <c>slirp4netns</c>.</summary>
    public string DefaultRootlessNetworkCommand { get; init; } = "pasta";

    /// <summary>Options of pasta.</summary>
    public IReadOnlyList<string> PastaOptions { get; init; } = [];

    /// <summary>Port that aardvark-dns listens on.</summary>
    public long DnsBindPort { get; init; } = 53;

    /// <summary>Further directories of netavark's plugins.</summary>
    public IReadOnlyList<string> NetavarkPluginDirectories { get; init; } =
        ["/usr/local/libexec/netavark", "/usr/libexec/netavark", "/usr/local/lib/netavark", "/usr/lib/netavark"];

    /// <summary>Directories of CNI plugins.</summary>
    public IReadOnlyList<string> CniPluginDirectories { get; init; } =
        ["/usr/local/libexec/cni", "/usr/libexec/cni", "/usr/local/lib/cni", "/usr/lib/cni", "/opt/cni/bin"];
}

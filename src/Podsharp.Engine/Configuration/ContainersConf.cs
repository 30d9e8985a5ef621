using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>containers.conf(5), merged from all its files, with podman's defaults for what they leave out. A null or an empty
/// text means: not configured, the engine chooses.</summary>
internal sealed record ContainersConf
{
    /// <summary>The table <c>[containers]</c>.</summary>
    public ContainerDefaults Containers { get; init; } = new();

    /// <summary>The table <c>[engine]</c>.</summary>
    public EngineDefaults Engine { get; init; } = new();

    /// <summary>The table <c>[network]</c>.</summary>
    public NetworkDefaults Network { get; init; } = new();

    /// <summary>The files that were read, in order; a later one wins.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Reads all files that apply in this environment.</summary>
    /// <exception cref="ContainerEngineException">A file is malformed, or one that the environment names is absent.</exception>
    internal static ContainersConf Load(ConfigurationEnvironment environment)
    {
        var merged = new ContainersConfMerge();
        foreach (var path in ContainersConfFiles.Find(environment))
        {
            merged.Apply(path);
        }
        return merged.ToConfiguration();
    }
}

/// <summary>Defaults of containers: the table <c>[containers]</c>.</summary>
internal sealed record ContainerDefaults
{
    /// <summary>Capabilities of a container that asks for none, with the prefix <c>CAP_</c>.</summary>
    public IReadOnlyList<string> DefaultCapabilities { get; init; } =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_NET_BIND_SERVICE",
        "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
    ];

    /// <summary>Kernel settings, <c>name=value</c>.</summary>
    public IReadOnlyList<string> DefaultSysctls { get; init; } = ["net.ipv4.ping_group_range=0 0"];

    /// <summary>Limits, <c>name=soft:hard</c>.</summary>
    public IReadOnlyList<string> DefaultUlimits { get; init; } = [];

    /// <summary>Environment, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];

    /// <summary>Whether containers get the host's whole environment.</summary>
    public bool EnvironmentFromHost { get; init; }

    /// <summary>Whether the proxy variables are handed on.</summary>
    public bool HttpProxy { get; init; } = true;

    /// <summary>Largest number of processes; 0 or less: no limit.</summary>
    public long PidsLimit { get; init; } = 2048;

    /// <summary>Size of <c>/dev/shm</c>, as a number with a unit (<c>65536k</c>).</summary>
    public string ShmSize { get; init; } = "65536k";

    /// <summary>Log driver; null: not configured.</summary>
    public string? LogDriver { get; init; }

    /// <summary>Bytes after which a container's log is cut; negative: never.</summary>
    public long LogSizeMaximum { get; init; } = -1;

    /// <summary>Log tag; a template.</summary>
    public string? LogTag { get; init; }

    /// <summary>Time zone, <c>local</c> or null.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Umask of containers, octal.</summary>
    public string Umask { get; init; } = "0022";

    /// <summary>Path of the seccomp profile; null: the distribution's default.</summary>
    public string? SeccompProfile { get; init; }

    /// <summary>Name of the AppArmor profile; null: the default one.</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>Whether SELinux labels are used.</summary>
    public bool Label { get; init; } = true;

    /// <summary>Whether an init process is put in front.</summary>
    public bool Init { get; init; }

    /// <summary>Path of that init; null: searched in the helper directories.</summary>
    public string? InitPath { get; init; }

    /// <summary>Whether the root file system is read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Whether containers are privileged.</summary>
    public bool Privileged { get; init; }

    /// <summary>Whether a kernel keyring is made for each container.</summary>
    public bool Keyring { get; init; } = true;

    /// <summary>Score of the kernel's out-of-memory killer; null: unchanged.</summary>
    public long? OomScoreAdjust { get; init; }

    /// <summary>Network namespace: <c>private</c>, <c>host</c>, <c>none</c>, ...; null: not configured.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>IPC namespace.</summary>
    public string IpcNamespace { get; init; } = "shareable";

    /// <summary>PID namespace.</summary>
    public string PidNamespace { get; init; } = "private";

    /// <summary>UTS namespace.</summary>
    public string UtsNamespace { get; init; } = "private";

    /// <summary>User namespace; null: none.</summary>
    public string? UserNamespace { get; init; }

    /// <summary>Cgroup namespace; null: private on cgroup v2, the host's on v1.</summary>
    public string? CgroupNamespace { get; init; }

    /// <summary>Whether containers get cgroups: <c>enabled</c>, <c>disabled</c>, <c>no-conmon</c>.</summary>
    public string Cgroups { get; init; } = "enabled";

    /// <summary>Further cgroup v2 settings, <c>file=value</c>.</summary>
    public IReadOnlyList<string> CgroupConfiguration { get; init; } = [];

    /// <summary>Name servers.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];

    /// <summary>Domains to search.</summary>
    public IReadOnlyList<string> DnsSearches { get; init; } = [];

    /// <summary>Options of resolv.conf.</summary>
    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    /// <summary>The file that /etc/hosts starts from: a path, <c>image</c> or <c>none</c>; null: the host's.</summary>
    public string? BaseHostsFile { get; init; }

    /// <summary>Whether /etc/hosts is left to the image.</summary>
    public bool NoHosts { get; init; }

    /// <summary>Whether the host name of a container is its name.</summary>
    public bool ContainerNameAsHostname { get; init; }

    /// <summary>Address behind <c>host.containers.internal</c>; null: the engine finds it.</summary>
    public string? HostContainersInternalAddress { get; init; }

    /// <summary>Devices, in the syntax of <c>--device</c>.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Volumes, in the syntax of <c>--volume</c>.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Mounts, in the syntax of <c>--mount</c>.</summary>
    public IReadOnlyList<string> Mounts { get; init; } = [];

    /// <summary>Annotations, <c>name=value</c>.</summary>
    public IReadOnlyList<string> Annotations { get; init; } = [];
}

/// <summary>How the engine works: the table <c>[engine]</c>.</summary>
internal sealed record EngineDefaults
{
    /// <summary>The OCI runtime, a name of <see cref="Runtimes"/> or a path; null: one that works on this host.</summary>
    public string? Runtime { get; init; }

    /// <summary>Runtime names and where to look for each, in order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Runtimes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Where to look for conmon, in order.</summary>
    public IReadOnlyList<string> ConmonPaths { get; init; } =
    [
        "/usr/libexec/podman/conmon", "/usr/local/libexec/podman/conmon", "/usr/local/lib/podman/conmon", "/usr/bin/conmon",
        "/usr/sbin/conmon", "/usr/local/bin/conmon", "/usr/local/sbin/conmon",
    ];

    /// <summary>Environment of conmon, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> ConmonEnvironment { get; init; } = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];

    /// <summary>Where to look for helpers (netavark, aardvark-dns, catatonit ...), in order.</summary>
    public IReadOnlyList<string> HelperDirectories { get; init; } =
        ["/usr/local/libexec/podman", "/usr/local/lib/podman", "/usr/libexec/podman", "/usr/lib/podman"];

    /// <summary>Directories of OCI hooks; null: the defaults.</summary>
    public IReadOnlyList<string>? HookDirectories { get; init; }

    /// <summary>Directories of CDI specifications.</summary>
    public IReadOnlyList<string> CdiDirectories { get; init; } = ["/etc/cdi", "/var/run/cdi"];

    /// <summary>Environment for the engine itself, <c>NAME=value</c> (proxies for a pull).</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Cgroup manager, <c>systemd</c> or <c>cgroupfs</c>; null: what the host has.</summary>
    public string? CgroupManager { get; init; }

    /// <summary>Events: <c>file</c>, <c>journald</c>, <c>none</c>; null: not configured.</summary>
    public string? EventsLogger { get; init; }

    /// <summary>Path of the events file; null: the engine's own place.</summary>
    public string? EventsLogFile { get; init; }

    /// <summary>Size at which the events file is cut, as a number with a unit.</summary>
    public string EventsLogFileMaximumSize { get; init; } = "1m";

    /// <summary>Seconds between the stop signal and the kill.</summary>
    public long StopTimeout { get; init; } = 10;

    /// <summary>Keys that leave an attached container.</summary>
    public string DetachKeys { get; init; } = "ctrl-p,ctrl-q";

    /// <summary>Transport of an image name without one.</summary>
    public string ImageDefaultTransport { get; init; } = "docker://";

    /// <summary>Layers fetched at a time; 0: the engine's own default.</summary>
    public long ImageParallelCopies { get; init; }

    /// <summary>Pull policy of run and create: <c>always</c>, <c>missing</c>, <c>newer</c>, <c>never</c>.</summary>
    public string PullPolicy { get; init; } = "missing";

    /// <summary>How often a request to a registry is tried again.</summary>
    public long Retry { get; init; } = 3;

    /// <summary>Delay before such a try; null: grows from one try to the next.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Whether containers share the root's pivot (<c>--no-pivot</c>).</summary>
    public bool NoPivotRoot { get; init; }

    /// <summary>What volumes of an image become: <c>anonymous</c>, <c>tmpfs</c> or <c>ignore</c>.</summary>
    public string ImageVolumeMode { get; init; } = "anonymous";

    /// <summary>Image of a pod's infra container; null: none, catatonit is used directly.</summary>
    public string? InfraImage { get; init; }

    /// <summary>Directory of volumes; null: the engine's own place.</summary>
    public string? VolumePath { get; init; }

    /// <summary>What a pod does when its last container exits.</summary>
    public string PodExitPolicy { get; init; } = "continue";

    /// <summary>Seconds an exec session's record is kept after its end.</summary>
    public long ExitCommandDelay { get; init; } = 300;

    /// <summary>Whether published ports are reserved on the host while the container runs.</summary>
    public bool EnablePortReservation { get; init; } = true;
}

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

/// <summary>A pool of subnets.</summary>
/// <param name="Base">The pool, in CIDR notation.</param>
/// <param name="Size">Prefix length of the subnets cut from it.</param>
internal sealed record SubnetPool(string Base, int Size);

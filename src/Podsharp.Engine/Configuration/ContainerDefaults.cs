namespace Podsharp.Engine.Configuration;

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

    /// <summary>Whether containers have SELinux user and role of whoever makes them.</summary>
    public bool LabelUsers { get; init; }

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

namespace Podsharp.Engine.Runtime;

/// <summary>config.json of a bundle (OCI runtime-spec, config.md). What is null is left out.</summary>
internal sealed record OciSpec
{
    public string OciVersion { get; init; } = "1.0.2";
    public required OciProcess Process { get; init; }
    public required OciRoot Root { get; init; }
    public string? Hostname { get; init; }
    public required IReadOnlyList<OciMount> Mounts { get; init; }
    public OciHooks? Hooks { get; init; }
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
    public required OciLinux Linux { get; init; }
}

/// <summary>Programs of the host to run at the stages of a container's life (config.md, "POSIX-platform Hooks").</summary>
internal sealed record OciHooks
{
    public IReadOnlyList<OciHook>? Prestart { get; init; }
    public IReadOnlyList<OciHook>? CreateRuntime { get; init; }
    public IReadOnlyList<OciHook>? CreateContainer { get; init; }
    public IReadOnlyList<OciHook>? StartContainer { get; init; }
    public IReadOnlyList<OciHook>? Poststart { get; init; }
    public IReadOnlyList<OciHook>? Poststop { get; init; }
}

/// <summary>A program; its time in seconds.</summary>
internal sealed record OciHook(string Path, IReadOnlyList<string>? Args = null, IReadOnlyList<string>? Env = null, int? Timeout = null);

/// <summary>The process (config.md, "Process").</summary>
internal sealed record OciProcess
{
    public bool Terminal { get; init; }
    public required OciUser User { get; init; }
    public required IReadOnlyList<string> Args { get; init; }
    public required IReadOnlyList<string> Env { get; init; }
    public required string Cwd { get; init; }
    public OciCapabilities? Capabilities { get; init; }
    public IReadOnlyList<OciRlimit>? Rlimits { get; init; }
    public bool NoNewPrivileges { get; init; }
    public string? ApparmorProfile { get; init; }
    public string? SelinuxLabel { get; init; }
    public int? OomScoreAdj { get; init; }
}

/// <summary>Ids of the process.</summary>
internal sealed record OciUser
{
    public uint Uid { get; init; }
    public uint Gid { get; init; }
    public uint? Umask { get; init; }
    public uint[]? AdditionalGids { get; init; }
}

/// <summary>Capability sets of the process.</summary>
internal sealed record OciCapabilities
{
    public IReadOnlyList<string> Bounding { get; init; } = [];
    public IReadOnlyList<string> Effective { get; init; } = [];
    public IReadOnlyList<string>? Inheritable { get; init; }
    public IReadOnlyList<string> Permitted { get; init; } = [];
    public IReadOnlyList<string>? Ambient { get; init; }
}

/// <summary>A limit of the process (setrlimit(2)).</summary>
internal sealed record OciRlimit(string Type, ulong Hard, ulong Soft);

/// <summary>The root file system.</summary>
internal sealed record OciRoot
{
    public required string Path { get; init; }
    public bool Readonly { get; init; }
}

/// <summary>A mount.</summary>
internal sealed record OciMount(string Destination, string Type, string Source, IReadOnlyList<string> Options)
{
    public IReadOnlyList<OciIdMapping>? UidMappings { get; init; }
    public IReadOnlyList<OciIdMapping>? GidMappings { get; init; }
}

/// <summary>What is Linux's own (config-linux.md).</summary>
internal sealed record OciLinux
{
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }
    public OciResources? Resources { get; init; }
    public string? CgroupsPath { get; init; }
    public required IReadOnlyList<OciNamespace> Namespaces { get; init; }
    public IReadOnlyList<OciDevice>? Devices { get; init; }
    public OciSeccomp? Seccomp { get; init; }
    public string? RootfsPropagation { get; init; }
    public IReadOnlyList<string>? MaskedPaths { get; init; }
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }
    public string? MountLabel { get; init; }
    public OciPersonality? Personality { get; init; }
    public OciIntelRdt? IntelRdt { get; init; }
    public IReadOnlyList<OciIdMapping>? UidMappings { get; init; }
    public IReadOnlyList<OciIdMapping>? GidMappings { get; init; }
}

/// <summary>The class of service for cache and memory bandwidth.</summary>
internal sealed record OciIntelRdt(string ClosID);

/// <summary>A range of ids of the user namespace.</summary>
internal sealed record OciIdMapping(uint ContainerID, uint HostID, uint Size);

/// <summary>A namespace: a new one, or the one of a path.</summary>
internal sealed record OciNamespace(string Type, string? Path = null);

/// <summary>A device node to make.</summary>
internal sealed record OciDevice(string Path, string Type, long Major, long Minor, uint FileMode, uint Uid, uint Gid);

/// <summary>Limits of the control group (config-linux.md, "Control groups").</summary>
internal sealed record OciResources
{
    public IReadOnlyList<OciDeviceRule>? Devices { get; init; }
    public OciMemory? Memory { get; init; }
    public OciCpu? Cpu { get; init; }
    public OciPids? Pids { get; init; }
    public OciBlockIO? BlockIO { get; init; }
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}

/// <summary>Block devices.</summary>
internal sealed record OciBlockIO
{
    public int? Weight { get; init; }
    public IReadOnlyList<OciWeightDevice>? WeightDevice { get; init; }
    public IReadOnlyList<OciThrottleDevice>? ThrottleReadBpsDevice { get; init; }
    public IReadOnlyList<OciThrottleDevice>? ThrottleWriteBpsDevice { get; init; }
    public IReadOnlyList<OciThrottleDevice>? ThrottleReadIOPSDevice { get; init; }
    public IReadOnlyList<OciThrottleDevice>? ThrottleWriteIOPSDevice { get; init; }
}

/// <summary>The weight of a block device.</summary>
internal sealed record OciWeightDevice(long Major, long Minor, long Weight);

/// <summary>The limit of a block device.</summary>
internal sealed record OciThrottleDevice(long Major, long Minor, long Rate);

/// <summary>Execution domain (personality(2)).</summary>
internal sealed record OciPersonality(string Domain);

/// <summary>A rule for device access.</summary>
internal sealed record OciDeviceRule(bool Allow, string Access, string? Type = null, long? Major = null, long? Minor = null);

/// <summary>Memory in bytes.</summary>
internal sealed record OciMemory
{
    public long? Limit { get; init; }
    public long? Reservation { get; init; }
    public long? Swap { get; init; }
    public ulong? Swappiness { get; init; }
    public bool? DisableOOMKiller { get; init; }
}

/// <summary>CPU time.</summary>
internal sealed record OciCpu
{
    public ulong? Shares { get; init; }
    public long? Quota { get; init; }
    public ulong? Period { get; init; }
    public ulong? RealtimePeriod { get; init; }
    public long? RealtimeRuntime { get; init; }
    public string? Cpus { get; init; }
    public string? Mems { get; init; }
}

/// <summary>Number of processes.</summary>
internal sealed record OciPids(long Limit);

/// <summary>System call filter (config-linux.md, "Seccomp").</summary>
internal sealed record OciSeccomp
{
    public required string DefaultAction { get; init; }
    public uint? DefaultErrnoRet { get; init; }
    public IReadOnlyList<string>? Architectures { get; init; }
    public IReadOnlyList<string>? Flags { get; init; }
    public string? ListenerPath { get; init; }
    public string? ListenerMetadata { get; init; }
    public IReadOnlyList<OciSyscall>? Syscalls { get; init; }
}

/// <summary>What to do on system calls.</summary>
internal sealed record OciSyscall
{
    public required IReadOnlyList<string> Names { get; init; }
    public required string Action { get; init; }
    public uint? ErrnoRet { get; init; }
    public IReadOnlyList<OciSyscallArgument>? Args { get; init; }
}

/// <summary>A condition on an argument of a system call.</summary>
internal sealed record OciSyscallArgument(uint Index, ulong Value, ulong ValueTwo, string Op);

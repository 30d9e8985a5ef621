using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <content>Namespaces, kernel settings, masks, devices and limits.</content>
internal sealed partial class SpecGenerator
{
    private static readonly string[] DefaultMaskedPaths =
    [
        "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
        "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/selinux", "/proc/interrupts",
    ];

    private static readonly string[] DefaultReadonlyPaths =
        ["/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    private static readonly HashSet<string> IpcSysctls = new(StringComparer.Ordinal)
    {
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
        "kernel.shm_rmid_forced",
    };

    private NamespaceMode PidMode => Mode(spec.PidNamespace, configuration.Containers.PidNamespace);
    private NamespaceMode IpcMode => Mode(spec.IpcNamespace, configuration.Containers.IpcNamespace);
    private NamespaceMode UtsMode => Mode(spec.UtsNamespace, configuration.Containers.UtsNamespace);

    private NamespaceMode CgroupMode
    {
        get
        {
            var mode = Mode(spec.CgroupNamespace, configuration.Containers.CgroupNamespace);
            // Version 1 shows its groups through bind mounts, as podman does it; one's own namespace is version 2's way.
            return mode.Kind != NamespaceKind.Default ? mode
                : new NamespaceMode(host.Cgroups.Mode == Host.CgroupMode.V2 ? NamespaceKind.Private : NamespaceKind.Host);
        }
    }

    /// <summary>The mode of a namespace: what was asked for, else what containers.conf says.</summary>
    internal static NamespaceMode Mode(NamespaceMode asked, string? configured) => asked.Kind != NamespaceKind.Default ? asked
        : string.IsNullOrEmpty(configured) ? NamespaceMode.Default : NamespaceMode.Parse(configured, "containers.conf");

    private OciLinux Linux(CapabilitySet bounding, bool systemd) => new()
    {
        Sysctl = Sysctls(),
        Resources = Resources(),
        CgroupsPath = resources.CgroupPath.Length > 0 ? resources.CgroupPath : null,
        Namespaces = Namespaces(),
        Devices = DeviceNodes(systemd),
        Seccomp = resources.Seccomp?.ToOci(bounding, host),
        RootfsPropagation = RootPropagation(),
        MountLabel = resources.Labels.Mount.Length > 0 ? resources.Labels.Mount : null,
        MaskedPaths = systemd ? WithSystemdMasks(MaskedPaths()) : MaskedPaths(),
        ReadonlyPaths = ReadonlyPaths(),
        Personality = Personality(),
        UidMappings = Mappings(resources.UserMap),
        GidMappings = Mappings(resources.GroupMap),
        IntelRdt = (spec.RdtClass ?? resources.AddedDevices.RdtClass) is { Length: > 0 } rdt ? new OciIntelRdt(rdt) : null,
    };

    // Device nodes can't be made in a user namespace. What was asked for by name takes the place of what a privileged container has anyway.
    private IReadOnlyList<OciDevice>? DeviceNodes(bool systemd)
    {
        var added = resources.AddedDevices.Nodes;
        if (!Privileged || host.InUserNamespace)
            return added.Count > 0 ? added : null;
        return [.. PrivilegedDevices(systemd).Where(device => !added.Any(other => other.Path == device.Path)).Select(device => new OciDevice(device.Path, device.Type,
            device.Major, device.Minor, device.Mode, device.UserId, device.GroupId)), .. added];
    }

    private static IReadOnlyList<OciIdMapping>? Mappings(IReadOnlyList<Host.IdMapping> map) =>
        map.Count == 0 ? null : [.. map.Select(range => new OciIdMapping(range.Inside, range.Outside, range.Count))];

    private OciPersonality? Personality() => spec.Personality?.ToUpperInvariant() switch
    {
        null or "" => null,
        "LINUX" or "LINUX32" => new OciPersonality(spec.Personality.ToUpperInvariant()),
        _ => throw EngineErrors.InvalidArgument($"unknown personality \"{spec.Personality}\"", spec.Personality, "use LINUX or LINUX32"),
    };

    private List<OciNamespace> Namespaces()
    {
        var namespaces = new List<OciNamespace>();
        Add("pid", PidMode, resources.PidNamespacePath);
        Add("network", spec.Network, resources.NetworkNamespacePath);
        Add("ipc", IpcMode, resources.IpcNamespacePath);
        Add("uts", UtsMode, resources.UtsNamespacePath);
        namespaces.Add(new OciNamespace("mount"));
        Add("cgroup", CgroupMode, resources.CgroupNamespacePath);
        if (resources.UserMap.Count > 0)
            namespaces.Add(new OciNamespace("user", resources.UserNamespacePath));
        return namespaces;

        void Add(string type, NamespaceMode mode, string? path)
        {
            if (mode.Kind == NamespaceKind.Host)
                return;
            if (mode.Kind is NamespaceKind.Path)
                path ??= mode.Target;
            if (mode.Kind is NamespaceKind.Container && path is null)
                throw EngineErrors.InvalidState(resources.Id, $"the {type} namespace of container {mode.Target} is not there, it does not run", "start it first");
            namespaces.Add(new OciNamespace(type, path));
        }
    }

    private SortedList<string, string>? Sysctls()
    {
        var settings = new SortedList<string, string>(StringComparer.Ordinal);
        foreach (var text in configuration.Containers.DefaultSysctls)
        {
            var split = text.IndexOf('=', StringComparison.Ordinal);
            if (split > 0 && IsOwn(text[..split].Trim()))
                settings[text[..split].Trim()] = text[(split + 1)..].Trim();
        }
        foreach (var (name, value) in spec.Sysctls)
        {
            if (!IsOwn(name))
            {
                throw EngineErrors.InvalidArgument($"sysctl {name} can't be set: it is not the container's own", name,
                    "only net.*, fs.mqueue.* and the kernel's IPC settings can be set, in namespaces of the container's own");
            }
            settings[name] = value;
        }
        return settings.Count > 0 ? settings : null;
    }

    private bool IsOwn(string name) =>
        name.StartsWith("net.", StringComparison.Ordinal) ? SpecRules.OwnsNamespace(spec.Network)
        : name.StartsWith("fs.mqueue.", StringComparison.Ordinal) || IpcSysctls.Contains(name) ? SpecRules.OwnsNamespace(IpcMode)
        : name is "kernel.domainname" or "kernel.hostname" && SpecRules.OwnsNamespace(UtsMode);

    private List<string>? MaskedPaths()
    {
        List<string> masked = [.. Privileged ? [] : Unmasked([.. DefaultMaskedPaths, .. host.ThermalThrottlePaths]), .. SecurityOptions.Masked(spec.SecurityOptions)];
        return Privileged && masked.Count == 0 ? null : masked;
    }

    private List<string>? ReadonlyPaths() => Privileged ? null : Unmasked(DefaultReadonlyPaths);

    private List<string> Unmasked(IReadOnlyList<string> paths) => [.. paths.Where(path => !SecurityOptions.Unmasks(spec.SecurityOptions, path))];

    private string? RootPropagation()
    {
        var words = resources.Mounts.SelectMany(mount => mount.Options).ToHashSet(StringComparer.Ordinal);
        return words.Contains("shared") || words.Contains("rshared") ? "shared" : words.Contains("slave") || words.Contains("rslave") ? "rslave" : null;
    }

    private OciResources? Resources()
    {
        if (resources.CgroupPath.Length == 0)
        {
            var limited = spec.Resources != new ResourceLimits { OomScoreAdj = spec.Resources.OomScoreAdj };
            if (limited && spec.Cgroups == "disabled")
                throw EngineErrors.InvalidArgument("resource limits need a control group", "cgroups", "leave the limits out, or --cgroups disabled");
            if (limited)
                warnings.Add("the resource limits are ignored: this user can't make control groups on this host");
            return null;
        }
        return new OciResources
        {
            Devices = Privileged ? [new OciDeviceRule(true, "rwm")] : [new OciDeviceRule(false, "rwm"), .. resources.AddedDevices.Rules],
            Memory = Memory(),
            Cpu = Cpu(),
            Pids = Pids(),
            BlockIO = resources.BlockIO,
            Unified = Unified(),
        };
    }

    private IReadOnlyDictionary<string, string>? Unified()
    {
        if (spec.Resources.CgroupSettings is not { Count: > 0 } settings)
            return null;
        return host.Cgroups.Mode == Host.CgroupMode.V2 ? settings
            : throw EngineErrors.Unsupported("cannot use --cgroup-conf without cgroup v2", "cgroup-conf", "use the options for single limits");
    }

    private OciMemory? Memory()
    {
        var limits = spec.Resources;
        if (limits is { Memory: null, MemoryReservation: null, MemorySwap: null, MemorySwappiness: null, OomKillDisable: false }
            || !HasController("memory", "memory limits"))
            return null;
        var memory = Positive(limits.Memory);
        if (limits.MemoryReservation > memory)
            throw EngineErrors.InvalidArgument("the memory reservation is above the memory limit", "memory-reservation", "make it smaller than the limit");
        return new OciMemory
        {
            Limit = memory,
            Reservation = Positive(limits.MemoryReservation),
            Swap = Swap(memory),
            Swappiness = Swappiness(),
            DisableOOMKiller = OomKillDisable(),
        };
    }

    private long? Swap(long? memory)
    {
        if (!host.Cgroups.SwapAccounting)
        {
            if (spec.Resources.MemorySwap is not null)
                warnings.Add("the swap limit is ignored: this kernel doesn't count swap");
            return null;
        }
        if (spec.Resources.MemorySwap is not ({ } swap and not 0))
            return memory * 2;
        if (swap < 0)
            return -1;
        if (memory is null)
            throw EngineErrors.InvalidArgument("a limit of memory and swap needs a memory limit", "memory-swap", "give the memory limit too");
        return swap >= memory ? swap
            : throw EngineErrors.InvalidArgument("the limit of memory and swap together is below the memory limit", "memory-swap", "make it at least the memory limit");
    }

    private ulong? Swappiness()
    {
        if (spec.Resources.MemorySwappiness is not (>= 0 and var value))
            return null;
        if (value > 100)
            throw EngineErrors.InvalidArgument($"memory swappiness {value} is not between 0 and 100", "memory-swappiness");
        if (host.Cgroups.Mode != Host.CgroupMode.V2)
            return (ulong)value;
        throw EngineErrors.Unsupported("memory swappiness can't be set: cgroup version 2 has none", "memory-swappiness", "leave it out");
    }

    private bool? OomKillDisable()
    {
        if (!spec.Resources.OomKillDisable)
            return null;
        if (host.Cgroups.Mode != Host.CgroupMode.V2)
            return true;
        throw EngineErrors.Unsupported("the OOM killer can't be disabled: cgroup version 2 has no such switch", "oom-kill-disable", "leave it out");
    }

    private OciCpu? Cpu()
    {
        var limits = spec.Resources;
        if (limits is { Cpus: > 0 } && (limits.CpuQuota is not (null or 0) || limits.CpuPeriod is not (null or 0)))
            throw EngineErrors.InvalidArgument("cpus can't be used together with a CPU quota or period", "cpus", "leave one of them out");
        CpuSets.Check(limits);
        const ulong period = 100_000;
        var time = HasTime(limits) && HasController("cpu", "CPU limits");
        var set = (limits.CpuSetCpus ?? limits.CpuSetMems) is { Length: > 0 } && HasController("cpuset", "CPU sets");
        var realtime = limits.CpuRealtimePeriod is > 0 || limits.CpuRealtimeRuntime is not (null or 0);
        if (realtime && host.Cgroups.Mode == Host.CgroupMode.V2)
            throw EngineErrors.Unsupported("realtime CPU limits can't be set: cgroup version 2 has none", "cpu-rt-runtime", "leave them out");
        realtime = realtime && HasController("cpu", "realtime CPU limits");
        if (!time && !set && !realtime)
            return null;
        var fraction = time && limits.Cpus is > 0 and var cpus ? (long?)Math.Round(cpus * period) : null;
        return new OciCpu
        {
            Shares = time ? limits.CpuShares is 0 ? null : limits.CpuShares : null,
            Quota = fraction ?? (time ? limits.CpuQuota : null),
            Period = fraction is not null ? period : time ? limits.CpuPeriod : null,
            RealtimePeriod = realtime && limits.CpuRealtimePeriod is > 0 ? limits.CpuRealtimePeriod : null,
            RealtimeRuntime = realtime && limits.CpuRealtimeRuntime is not 0 ? limits.CpuRealtimeRuntime : null,
            Cpus = set ? limits.CpuSetCpus : null,
            Mems = set ? limits.CpuSetMems : null,
        };
    }

    private static bool HasTime(ResourceLimits limits) => limits.Cpus is > 0 || limits.CpuShares is > 0 || limits.CpuQuota is not null || limits.CpuPeriod is not null;

    private OciPids? Pids()
    {
        var limit = spec.Resources.PidsLimit ?? configuration.Containers.PidsLimit;
        if (limit <= 0)
            return null;
        // The default limit is a courtesy: only one that was asked for is missed.
        return host.Cgroups.Controllers.Contains("pids") || (spec.Resources.PidsLimit is not null && HasController("pids", "the limit of processes"))
            ? new OciPids(limit) : null;
    }

    private bool HasController(string controller, string what)
    {
        if (host.Cgroups.Controllers.Contains(controller))
            return true;
        warnings.Add($"{what} are ignored: this host has no cgroup controller {controller}");
        return false;
    }

    private static long? Positive(long? value) => value is > 0 ? value : null;
}

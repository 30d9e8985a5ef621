using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Host;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Changed limits: what they come to with those that there were, and what the runtime is told of them.</summary>
internal static class LimitChange
{
    private const ulong DefaultPeriod = 100_000;

    /// <summary>Whether anything is to be changed.</summary>
    public static bool IsAny(ResourceLimits change) => change != new ResourceLimits();

    /// <summary>The limits after the change.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for what can't be changed, or not to that.</exception>
    public static ResourceLimits Apply(ResourceLimits limits, ResourceLimits change)
    {
        if (change.OomKillDisable || change.OomScoreAdj is not null)
            throw EngineErrors.InvalidArgument("the settings of the OOM killer can't be changed", "oom", "make a new container with them");
        if (change.MemorySwappiness is < 0)
            throw EngineErrors.InvalidArgument("the system's memory swappiness can't be given back to a container", "memory-swappiness", "give a number from 0 to 100");
        var fraction = change.Cpus is not null;
        var quota = change.CpuQuota is not null || change.CpuPeriod is not null;
        if (fraction && quota)
            throw EngineErrors.InvalidArgument("cpus can't be used together with a CPU quota or period", "cpus", "leave one of them out");
        return limits with
        {
            Memory = Limited(change.Memory, limits.Memory),
            MemoryReservation = Limited(change.MemoryReservation, limits.MemoryReservation),
            // A limit of both has no sense without one of the memory.
            MemorySwap = change.MemorySwap is { } swap ? (swap == 0 ? null : swap) : change.Memory is <= 0 ? null : limits.MemorySwap,
            MemorySwappiness = change.MemorySwappiness ?? limits.MemorySwappiness,
            // The one way of saying it takes the place of the other.
            Cpus = fraction ? (change.Cpus > 0 ? change.Cpus : null) : quota ? null : limits.Cpus,
            CpuQuota = fraction ? null : change.CpuQuota is { } time ? (time <= 0 ? null : time) : limits.CpuQuota ?? Quota(limits, quota),
            CpuPeriod = fraction ? null : change.CpuPeriod is { } period ? (period == 0 ? null : period) : limits.CpuPeriod ?? (Quota(limits, quota) is null ? null : DefaultPeriod),
            CpuShares = change.CpuShares ?? limits.CpuShares,
            CpuRealtimePeriod = change.CpuRealtimePeriod ?? limits.CpuRealtimePeriod,
            CpuRealtimeRuntime = change.CpuRealtimeRuntime ?? limits.CpuRealtimeRuntime,
            CpuSetCpus = change.CpuSetCpus is { Length: > 0 } cpus ? cpus : limits.CpuSetCpus,
            CpuSetMems = change.CpuSetMems is { Length: > 0 } nodes ? nodes : limits.CpuSetMems,
            PidsLimit = change.PidsLimit ?? limits.PidsLimit,
            BlockWeight = change.BlockWeight ?? limits.BlockWeight,
            BlockDeviceWeights = Merge(limits.BlockDeviceWeights, change.BlockDeviceWeights),
            DeviceReadRates = Merge(limits.DeviceReadRates, change.DeviceReadRates),
            DeviceWriteRates = Merge(limits.DeviceWriteRates, change.DeviceWriteRates),
            DeviceReadOperations = Merge(limits.DeviceReadOperations, change.DeviceReadOperations),
            DeviceWriteOperations = Merge(limits.DeviceWriteOperations, change.DeviceWriteOperations),
            CgroupSettings = Merge(limits.CgroupSettings, change.CgroupSettings),
        };
    }

    /// <summary>Refuses what this host can't limit: a container is created without such limits, but a change must not come to nothing.</summary>
    /// <exception cref="ContainerEngineException">Unsupported.</exception>
    public static void Check(ResourceLimits change, HostFacts host)
    {
        Need("memory", change is { Memory: null, MemoryReservation: null, MemorySwap: null, MemorySwappiness: null });
        Need("cpu", change is { Cpus: null, CpuQuota: null, CpuPeriod: null, CpuShares: null, CpuRealtimePeriod: null, CpuRealtimeRuntime: null });
        Need("cpuset", change is { CpuSetCpus: null, CpuSetMems: null });
        Need("pids", change.PidsLimit is null);
        if (change.MemorySwap is not null && !host.Cgroups.SwapAccounting)
            throw EngineErrors.Unsupported("the limit of memory and swap can't be changed: this kernel doesn't count swap", "memory-swap", "leave it out");

        void Need(string controller, bool unused)
        {
            if (!unused && !host.Cgroups.Controllers.Contains(controller))
                throw EngineErrors.Unsupported($"the limits can't be changed: this host has no cgroup controller {controller}", controller, "leave them out");
        }
    }

    /// <summary>What the runtime is told: only what was changed, -1 for a limit that was taken away.</summary>
    /// <param name="planned">What config.json would hold after the change.</param>
    /// <param name="change">The change.</param>
    /// <param name="host">The host.</param>
    public static OciResources ToRuntime(OciResources planned, ResourceLimits change, HostFacts host) => new()
    {
        Memory = Memory(planned.Memory, change, host.Cgroups),
        Cpu = Cpu(planned.Cpu, change),
        Pids = change.PidsLimit is null ? null : new OciPids(planned.Pids?.Limit ?? -1),
        BlockIO = BlockDevices.Find(change, host),
        Unified = change.CgroupSettings,
    };

    private static OciMemory? Memory(OciMemory? planned, ResourceLimits change, CgroupFacts cgroups)
    {
        if (change is { Memory: null, MemoryReservation: null, MemorySwap: null, MemorySwappiness: null })
            return null;
        var whole = change.Memory is not null || change.MemorySwap is not null;
        // No protection is 0 in version 2, no soft limit is -1 in version 1.
        var noReservation = cgroups.Mode == CgroupMode.V2 ? 0 : -1;
        return new OciMemory
        {
            Limit = whole ? planned?.Limit ?? -1 : null,
            Swap = whole && cgroups.SwapAccounting ? planned?.Swap ?? -1 : null,
            Reservation = change.MemoryReservation is null ? null : planned?.Reservation ?? noReservation,
            Swappiness = change.MemorySwappiness is null ? null : planned?.Swappiness,
        };
    }

    private static OciCpu? Cpu(OciCpu? planned, ResourceLimits change)
    {
        if (change is { Cpus: null, CpuQuota: null, CpuPeriod: null, CpuShares: null, CpuRealtimePeriod: null, CpuRealtimeRuntime: null, CpuSetCpus: null, CpuSetMems: null })
            return null;
        var time = change.Cpus is not null || change.CpuQuota is not null || change.CpuPeriod is not null;
        return new OciCpu
        {
            Quota = time ? planned?.Quota ?? -1 : null,
            Period = time ? planned?.Period ?? DefaultPeriod : null,
            Shares = change.CpuShares is null ? null : planned?.Shares ?? 1024,
            RealtimePeriod = change.CpuRealtimePeriod is null ? null : planned?.RealtimePeriod,
            RealtimeRuntime = change.CpuRealtimeRuntime is null ? null : planned?.RealtimeRuntime,
            Cpus = change.CpuSetCpus is null ? null : planned?.Cpus,
            Mems = change.CpuSetMems is null ? null : planned?.Mems,
        };
    }

    private static long? Limited(long? change, long? limit) => change is null ? limit : change <= 0 ? null : change;

    private static long? Quota(ResourceLimits limits, bool wanted) => wanted && limits.Cpus is { } cpus ? (long)Math.Round(cpus * DefaultPeriod) : null;

    private static IReadOnlyList<DeviceLimit>? Merge(IReadOnlyList<DeviceLimit>? limits, IReadOnlyList<DeviceLimit>? change) =>
        change is not { Count: > 0 } ? limits : [.. (limits ?? []).Where(limit => !change.Any(other => other.Path == limit.Path)), .. change];

    private static IReadOnlyDictionary<string, string>? Merge(IReadOnlyDictionary<string, string>? settings, IReadOnlyDictionary<string, string>? change)
    {
        if (change is not { Count: > 0 } || settings is null)
            return change ?? settings;
        var merged = new Dictionary<string, string>(settings, StringComparer.Ordinal);
        foreach (var (name, value) in change)
            merged[name] = value;
        return merged;
    }
}

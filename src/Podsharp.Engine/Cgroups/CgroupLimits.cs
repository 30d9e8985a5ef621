using System.Globalization;
using Podsharp.Engine.Runtime;

namespace Podsharp.Engine.Cgroups;

/// <summary>Limits as the files of a control group take them, for groups that the engine makes itself: the rules of the OCI runtimes.</summary>
/// <remarks>cgroup-v1/memory.rst, cgroup-v1/blkio-controller.rst, sched-bwc.rst and cgroup-v2.rst of the kernel's documentation. The order matters: memory
/// before memory and swap, which can't be less.</remarks>
internal static class CgroupLimits
{
    private const ulong DefaultPeriod = 100_000;

    /// <summary>Controller, file and value for each limit in version 1.</summary>
    internal static IEnumerable<(string Controller, string File, string Value)> Version1(OciResources resources)
    {
        foreach (var (file, value) in new (string, long?)[]
        {
            ("memory.limit_in_bytes", resources.Memory?.Limit), ("memory.memsw.limit_in_bytes", resources.Memory?.Swap),
            ("memory.soft_limit_in_bytes", resources.Memory?.Reservation),
        })
        {
            if (value is { } bytes)
                yield return ("memory", file, Text(bytes));
        }
        if (resources.Cpu?.Shares is { } shares)
            yield return ("cpu", "cpu.shares", Text(shares));
        if (resources.Cpu?.Period is { } period)
            yield return ("cpu", "cpu.cfs_period_us", Text(period));
        if (resources.Cpu?.Quota is { } quota)
            yield return ("cpu", "cpu.cfs_quota_us", Text(quota));
        foreach (var set in Sets(resources))
            yield return set;
        if (resources.BlockIO?.Weight is { } weight)
            yield return ("blkio", "blkio.weight", Text(weight));
        foreach (var device in resources.BlockIO?.WeightDevice ?? [])
            yield return ("blkio", "blkio.weight_device", $"{device.Major}:{device.Minor} {device.Weight}");
        foreach (var device in resources.BlockIO?.ThrottleReadBpsDevice ?? [])
            yield return ("blkio", "blkio.throttle.read_bps_device", $"{device.Major}:{device.Minor} {device.Rate}");
        foreach (var device in resources.BlockIO?.ThrottleWriteBpsDevice ?? [])
            yield return ("blkio", "blkio.throttle.write_bps_device", $"{device.Major}:{device.Minor} {device.Rate}");
    }

    /// <summary>Controller, file and value for each limit in version 2.</summary>
    internal static IEnumerable<(string Controller, string File, string Value)> Version2(OciResources resources)
    {
        if (resources.Memory?.Limit is { } limit)
            yield return ("memory", "memory.max", Bytes(limit));
        // Version 2 counts swap alone.
        if (resources.Memory is { Swap: { } swap, Limit: { } memory })
            yield return ("memory", "memory.swap.max", swap < 0 ? "max" : Text(Math.Max(0, swap - memory)));
        if (resources.Memory?.Reservation is { } reservation)
            yield return ("memory", "memory.low", Bytes(reservation));
        if (resources.Cpu is { Shares: { } shares and > 0 })
            yield return ("cpu", "cpu.weight", Text(Weight(shares)));
        if (resources.Cpu is { } cpu && (cpu.Quota is not null || cpu.Period is not null))
            yield return ("cpu", "cpu.max", $"{(cpu.Quota is > 0 and var quota ? Text(quota) : "max")} {Text(cpu.Period ?? DefaultPeriod)}");
        foreach (var set in Sets(resources))
            yield return set;
        if (resources.BlockIO?.Weight is { } weight)
            yield return ("io", "io.bfq.weight", Text(weight));
        foreach (var device in resources.BlockIO?.ThrottleReadBpsDevice ?? [])
            yield return ("io", "io.max", $"{device.Major}:{device.Minor} rbps={device.Rate}");
        foreach (var device in resources.BlockIO?.ThrottleWriteBpsDevice ?? [])
            yield return ("io", "io.max", $"{device.Major}:{device.Minor} wbps={device.Rate}");
    }

    /// <summary>Version 2's weight for version 1's shares, from 2 to 262144 onto 1 to 10000, as runtimes have it.</summary>
    internal static ulong Weight(ulong shares) => 1 + ((Math.Clamp(shares, 2, 262_144) - 2) * 9999 / 262_142);

    private static IEnumerable<(string Controller, string File, string Value)> Sets(OciResources resources)
    {
        if (resources.Cpu?.Cpus is { Length: > 0 } cpus)
            yield return ("cpuset", "cpuset.cpus", cpus);
        if (resources.Cpu?.Mems is { Length: > 0 } nodes)
            yield return ("cpuset", "cpuset.mems", nodes);
    }

    private static string Bytes(long value) => value < 0 ? "max" : Text(value);

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

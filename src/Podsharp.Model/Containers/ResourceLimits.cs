namespace Podsharp.Model;

/// <summary>Limits on what a container may use. Null leaves the engine's or kernel's default.</summary>
public sealed record ResourceLimits
{
    /// <summary>Memory in bytes.</summary>
    public long? Memory { get; init; }
    /// <summary>Soft memory limit in bytes.</summary>
    public long? MemoryReservation { get; init; }
    /// <summary>Memory and swap together in bytes, -1 for unlimited swap; twice the memory when only that is given.</summary>
    public long? MemorySwap { get; init; }
    /// <summary>0 to 100, cgroup v1 only.</summary>
    public long? MemorySwappiness { get; init; }
    /// <summary>CPUs as a decimal number (1.5).</summary>
    public double? Cpus { get; init; }
    /// <summary>CFS period in microseconds.</summary>
    public ulong? CpuPeriod { get; init; }
    /// <summary>CFS quota in microseconds.</summary>
    public long? CpuQuota { get; init; }
    /// <summary>Relative weight, 2 to 262144.</summary>
    public ulong? CpuShares { get; init; }
    /// <summary>Realtime period in microseconds, cgroup v1 only.</summary>
    public ulong? CpuRealtimePeriod { get; init; }
    /// <summary>Realtime run time in a period in microseconds, cgroup v1 only.</summary>
    public long? CpuRealtimeRuntime { get; init; }
    /// <summary>CPUs it may run on (<c>0-1,3</c>).</summary>
    public string? CpuSetCpus { get; init; }
    /// <summary>Memory nodes it may use.</summary>
    public string? CpuSetMems { get; init; }
    /// <summary>Processes; 0 or -1 for no limit.</summary>
    public long? PidsLimit { get; init; }
    /// <summary>Whether the kernel's OOM killer leaves it alone (cgroup v1).</summary>
    public bool OomKillDisable { get; init; }
    /// <summary>-1000 to 1000.</summary>
    public int? OomScoreAdj { get; init; }
    /// <summary>Weight of block input and output among containers, 10 to 1000.</summary>
    public int? BlockWeight { get; init; }
    /// <summary>The same for single devices; null for none.</summary>
    public IReadOnlyList<DeviceLimit>? BlockDeviceWeights { get; init; }
    /// <summary>Bytes a second that may be read from devices; null for no limits.</summary>
    public IReadOnlyList<DeviceLimit>? DeviceReadRates { get; init; }
    /// <summary>Bytes a second that may be written to devices; null for no limits.</summary>
    public IReadOnlyList<DeviceLimit>? DeviceWriteRates { get; init; }
    /// <summary>Reads a second from devices; null for no limits.</summary>
    public IReadOnlyList<DeviceLimit>? DeviceReadOperations { get; init; }
    /// <summary>Writes a second to devices; null for no limits.</summary>
    public IReadOnlyList<DeviceLimit>? DeviceWriteOperations { get; init; }
    /// <summary>Contents for files of its version 2 group, by their names (<c>memory.high</c>); null for none.</summary>
    public IReadOnlyDictionary<string, string>? CgroupSettings { get; init; }
}

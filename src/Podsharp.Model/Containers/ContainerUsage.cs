namespace Podsharp.Model;

/// <summary>What a container uses now.</summary>
public sealed record ContainerUsage
{
    /// <summary>The container's id.</summary>
    public required string Id { get; init; }
    /// <summary>The container's name.</summary>
    public required string Name { get; init; }
    /// <summary>The id of its pod; empty without one.</summary>
    public string Pod { get; init; } = "";
    /// <summary>When it was read.</summary>
    public DateTimeOffset Time { get; init; }
    /// <summary>CPU time since the start.</summary>
    public TimeSpan CpuTime { get; init; }
    /// <summary>Percent of one CPU, since the last sample or, for the first, since the start.</summary>
    public double CpuPercent { get; init; }
    /// <summary>Percent of one CPU since the start.</summary>
    public double AverageCpuPercent { get; init; }
    /// <summary>Memory in bytes without inactive file cache.</summary>
    public long MemoryUsage { get; init; }
    /// <summary>Memory limit in bytes; the host's memory without a limit.</summary>
    public long MemoryLimit { get; init; }
    /// <summary>Usage over limit in percent.</summary>
    public double MemoryPercent => MemoryLimit > 0 ? 100.0 * MemoryUsage / MemoryLimit : 0;
    /// <summary>Bytes received.</summary>
    public long NetworkInput { get; init; }
    /// <summary>Bytes sent.</summary>
    public long NetworkOutput { get; init; }
    /// <summary>Bytes read from block devices.</summary>
    public long BlockInput { get; init; }
    /// <summary>Bytes written to block devices.</summary>
    public long BlockOutput { get; init; }
    /// <summary>Processes and threads.</summary>
    public long Pids { get; init; }
    /// <summary>How long it has been up.</summary>
    public TimeSpan Uptime { get; init; }
}

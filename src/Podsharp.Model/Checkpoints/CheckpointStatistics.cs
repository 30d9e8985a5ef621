namespace Podsharp.Model;

/// <summary>What CRIU tells of a dump (its image stats-dump).</summary>
public sealed record CheckpointStatistics
{
    /// <summary>How long it took until all processes stood still.</summary>
    public TimeSpan FreezingTime { get; init; }
    /// <summary>How long they stood still.</summary>
    public TimeSpan FrozenTime { get; init; }
    /// <summary>How long it took to take their memory.</summary>
    public TimeSpan MemoryDumpTime { get; init; }
    /// <summary>How long it took to write it.</summary>
    public TimeSpan MemoryWriteTime { get; init; }
    /// <summary>Pages of memory that were looked at.</summary>
    public long PagesScanned { get; init; }
    /// <summary>Pages that the round before had saved already.</summary>
    public long PagesSkipped { get; init; }
    /// <summary>Pages that were written.</summary>
    public long PagesWritten { get; init; }
}

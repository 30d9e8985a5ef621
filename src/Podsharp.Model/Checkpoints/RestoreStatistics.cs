namespace Podsharp.Model;

/// <summary>What CRIU tells of a restore (its image stats-restore).</summary>
public sealed record RestoreStatistics
{
    /// <summary>Pages that were compared with a parent's.</summary>
    public long PagesCompared { get; init; }
    /// <summary>Pages that could stay shared with a parent.</summary>
    public long PagesSkippedCopyOnWrite { get; init; }
    /// <summary>How long it took to make the processes.</summary>
    public TimeSpan ForkingTime { get; init; }
    /// <summary>How long the whole took.</summary>
    public TimeSpan RestoreTime { get; init; }
    /// <summary>Pages that were filled.</summary>
    public long PagesRestored { get; init; }
}

using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>A checked container's row: what its checks have told since its last start, and when the next one is due.</summary>
internal sealed record HealthRecord
{
    public HealthStatus Status { get; init; }
    public int FailingStreak { get; init; }

    /// <summary>When the next check is due; null where none is (any more).</summary>
    public DateTimeOffset? NextCheck { get; init; }

    /// <summary>The startup check has succeeded often enough, or there is none.</summary>
    public bool StartupPassed { get; init; }
    public int StartupSuccesses { get; init; }
    public int StartupFailures { get; init; }

    /// <summary>The checks ask for a restart: the container's end is followed by a start.</summary>
    public bool RestartWanted { get; init; }
}

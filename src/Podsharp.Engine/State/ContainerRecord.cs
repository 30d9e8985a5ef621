using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>A container's row: its configuration and what was last known of its run.</summary>
internal sealed record ContainerRecord
{
    public required ContainerConfig Config { get; init; }
    public required DateTimeOffset Created { get; init; }
    public string Name { get; init; } = "";
    public string Executable { get; init; } = "";
    public ContainerState State { get; init; }

    /// <summary>The step begun and not ended; null when the row tells the whole truth.</summary>
    public string? Intent { get; init; }
    public string Boot { get; init; } = "";
    public int Pid { get; init; }
    public long PidStart { get; init; }
    public int ConmonPid { get; init; }
    public long ConmonStart { get; init; }
    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Finished { get; init; }
    public int? ExitCode { get; init; }
    public bool OomKilled { get; init; }
    public string Error { get; init; } = "";
    public bool StoppedByUser { get; init; }
    public int RestartCount { get; init; }

    /// <summary>When the restart policy starts it (again); null unless that is due.</summary>
    public DateTimeOffset? NextStart { get; init; }

    /// <summary>The pause before that, which the next one doubles; null before the first.</summary>
    public TimeSpan? RestartDelay { get; init; }

    /// <summary>When it was ended by a checkpoint; null unless that is how its last run ended.</summary>
    public DateTimeOffset? Checkpointed { get; init; }

    /// <summary>When it was restored; null unless that is how its last run began.</summary>
    public DateTimeOffset? Restored { get; init; }

    /// <summary>What its health checks told: null where there is none, or no start yet. Written on its own (<see cref="HealthTable"/>).</summary>
    public HealthRecord? Health { get; init; }

    /// <summary>How often the configuration was changed.</summary>
    public int Revision { get; init; }
    public ContainerRun? Run { get; init; }

    public string Id => Config.Id;

    /// <summary>The runtime knows the container: it is initialised, runs, or has ended without being taken down.</summary>
    public bool HasRun => State is ContainerState.Initialized or ContainerState.Running or ContainerState.Paused or ContainerState.Stopping
        or ContainerState.Stopped;
}

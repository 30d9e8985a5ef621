namespace Podsharp.Model;

/// <summary>A health check that was asked for, and what it found.</summary>
public sealed record HealthCheckResult
{
    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }
    /// <summary>The container's name.</summary>
    public required string Name { get; init; }
    /// <summary>Whether the check succeeded.</summary>
    public bool Passed { get; init; }
    /// <summary>Whether it was the startup check.</summary>
    public bool IsStartup { get; init; }
    /// <summary>The time that the check was allowed to take, where it took longer; else null.</summary>
    public TimeSpan? TimedOut { get; init; }
    /// <summary>The container's health now.</summary>
    public HealthStatus Status { get; init; }
    /// <summary>Failures that count since the last success.</summary>
    public int FailingStreak { get; init; }
    /// <summary>When the check began.</summary>
    public DateTimeOffset Start { get; init; }
    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
    /// <summary>What it wrote, cut to what the log keeps.</summary>
    public string Output { get; init; } = "";
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {(Passed ? "passed" : "failed")}";
}

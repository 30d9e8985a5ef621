namespace Podsharp.Model;

/// <summary>A container's health and how it came to be known.</summary>
public sealed record ContainerHealth
{
    /// <summary>The health.</summary>
    public HealthStatus Status { get; init; }
    /// <summary>Failures that count since the last success.</summary>
    public int FailingStreak { get; init; }
    /// <summary>The last checks, oldest first.</summary>
    public IReadOnlyList<HealthLogEntry> Log { get; init; } = [];
}

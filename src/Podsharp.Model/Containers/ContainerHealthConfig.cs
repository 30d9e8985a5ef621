namespace Podsharp.Model;

/// <summary>A container's health checks, after the image and the defaults.</summary>
public sealed record ContainerHealthConfig
{
    /// <summary>The regular check; null where neither the image nor the caller said anything.</summary>
    public HealthCheck? Check { get; init; }
    /// <summary>The startup check; null for none.</summary>
    public HealthCheck? Startup { get; init; }
    /// <summary>What is done when the container is unhealthy.</summary>
    public HealthAction OnFailure { get; init; }
    /// <summary>Where the log of checks is kept: <c>local</c>, <c>events_logger</c> or a directory of the engine's host.</summary>
    public string LogDestination { get; init; } = "local";
    /// <summary>Checks in the log; 0 for all.</summary>
    public int MaximumLogCount { get; init; } = 5;
    /// <summary>Characters of a check's output in the log; 0 for all.</summary>
    public int MaximumLogSize { get; init; } = 500;

    /// <summary>Whether there is a regular check.</summary>
    public bool IsChecked() => Check is { } check && check.IsDefined();
}

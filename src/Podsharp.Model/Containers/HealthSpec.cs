namespace Podsharp.Model;

/// <summary>What a caller asks for about a container's health checks. What is null comes from the image's HEALTHCHECK, or is podman's default; in
/// an update it stays as it is.</summary>
public sealed record HealthSpec
{
    /// <summary>Nothing is checked, whatever the image says.</summary>
    public bool None { get; init; }
    /// <summary>The command, in the form of <see cref="HealthCheck.Test"/>.</summary>
    public IReadOnlyList<string>? Command { get; init; }
    /// <summary>The pause between two checks; zero for none but those that are asked for.</summary>
    public TimeSpan? Interval { get; init; }
    /// <summary>How long a check may take.</summary>
    public TimeSpan? Timeout { get; init; }
    /// <summary>The time after its start in which failures don't count.</summary>
    public TimeSpan? StartPeriod { get; init; }
    /// <summary>Failures in a row until it is unhealthy.</summary>
    public int? Retries { get; init; }
    /// <summary>The command of the startup check, which is run until it succeeds; then the regular check takes its place.</summary>
    public IReadOnlyList<string>? StartupCommand { get; init; }
    /// <summary>The pause between two startup checks.</summary>
    public TimeSpan? StartupInterval { get; init; }
    /// <summary>How long a startup check may take.</summary>
    public TimeSpan? StartupTimeout { get; init; }
    /// <summary>Failures of the startup check until the container is restarted; 0 for never.</summary>
    public int? StartupRetries { get; init; }
    /// <summary>Successes of the startup check until the regular one takes its place.</summary>
    public int? StartupSuccesses { get; init; }
    /// <summary>What is done when the container is unhealthy.</summary>
    public HealthAction? OnFailure { get; init; }
    /// <summary>Where the log of checks is kept: <c>local</c>, <c>events_logger</c> or a directory of the engine's host.</summary>
    public string? LogDestination { get; init; }
    /// <summary>Checks in the log; 0 for all.</summary>
    public int? MaximumLogCount { get; init; }
    /// <summary>Characters of a check's output in the log; 0 for all.</summary>
    public int? MaximumLogSize { get; init; }
}

namespace Podsharp.Model;

/// <summary>What is known of a container's health.</summary>
public enum HealthStatus
{
    /// <summary>It has no health check, or was never started.</summary>
    None,
    /// <summary>It was started, and no check has told yet.</summary>
    Starting,
    /// <summary>The last check that counted succeeded, or not enough of them have failed.</summary>
    Healthy,
    /// <summary>So many checks failed in a row as its health check allows.</summary>
    Unhealthy,
    /// <summary>It ended while a check was running in it.</summary>
    Stopped,
}

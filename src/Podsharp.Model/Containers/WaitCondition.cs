namespace Podsharp.Model;

/// <summary>What a wait waits for.</summary>
public enum WaitCondition
{
    /// <summary>The process doesn't run: it has ended, or was never started.</summary>
    Stopped,
    /// <summary>It runs.</summary>
    Running,
    /// <summary>It is gone.</summary>
    Removed,
    /// <summary>The process has ended and everything is taken down.</summary>
    Exited,
    /// <summary>It was never started.</summary>
    Created,
    /// <summary>It is set up and not started.</summary>
    Initialized,
    /// <summary>Its processes are frozen.</summary>
    Paused,
    /// <summary>It was asked to stop.</summary>
    Stopping,
    /// <summary>It is being removed, or is gone.</summary>
    Removing,
    /// <summary>Its health checks succeed.</summary>
    Healthy,
    /// <summary>Its health checks fail.</summary>
    Unhealthy,
    /// <summary>Its record can't be read or contradicts itself.</summary>
    Unknown,
}

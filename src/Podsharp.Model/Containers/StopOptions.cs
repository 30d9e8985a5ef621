namespace Podsharp.Model;

/// <summary>How to stop a container.</summary>
public sealed record StopOptions
{
    /// <summary>Seconds to wait before SIGKILL; the container's own when null; -1 waits for ever.</summary>
    public int? Timeout { get; init; }
    /// <summary>For the end of the system: it doesn't count as stopped by a user, so that the next boot starts it as its restart policy says.</summary>
    public bool KeepForBoot { get; init; }
    /// <summary>Not an error when there is no such container.</summary>
    public bool Ignore { get; init; }
}

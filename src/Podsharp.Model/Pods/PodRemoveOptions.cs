namespace Podsharp.Model;

/// <summary>How to remove a pod.</summary>
public sealed record PodRemoveOptions
{
    /// <summary>Stops containers that run first.</summary>
    public bool Force { get; init; }
    /// <summary>Don't mind a pod that doesn't exist.</summary>
    public bool Ignore { get; init; }
    /// <summary>With <see cref="Force"/>: seconds between the stop signal and SIGKILL; each container's own when null.</summary>
    public int? Timeout { get; init; }
}

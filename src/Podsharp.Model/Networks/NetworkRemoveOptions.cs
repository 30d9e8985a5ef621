namespace Podsharp.Model;

/// <summary>How to remove a network.</summary>
public sealed record NetworkRemoveOptions
{
    /// <summary>Removes the containers that use it first; one that isn't there is no error.</summary>
    public bool Force { get; init; }
    /// <summary>With force: seconds until SIGKILL; null for each container's own time.</summary>
    public int? Timeout { get; init; }
}

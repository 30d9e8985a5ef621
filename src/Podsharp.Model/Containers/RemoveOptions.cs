namespace Podsharp.Model;

/// <summary>How to remove a container.</summary>
public sealed record RemoveOptions
{
    /// <summary>Stops it first if it runs.</summary>
    public bool Force { get; init; }
    /// <summary>Also its anonymous volumes.</summary>
    public bool Volumes { get; init; }
    /// <summary>Also the containers that require it, and those that require these.</summary>
    public bool Depend { get; init; }
    /// <summary>Not an error when there is no such container.</summary>
    public bool Ignore { get; init; }
    /// <summary>With <see cref="Force"/>: seconds to wait before SIGKILL.</summary>
    public int? Timeout { get; init; }
    /// <summary>A pod's infra container takes its pod with it; else it is refused.</summary>
    public bool WithPod { get; init; }
}

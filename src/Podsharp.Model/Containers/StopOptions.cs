namespace Podsharp.Model;

/// <summary>How to stop a container.</summary>
public sealed record StopOptions
{
    /// <summary>Seconds to wait before SIGKILL; the container's own when null; -1 waits for ever.</summary>
    public int? Timeout { get; init; }
    /// <summary>Not an error when there is no such container.</summary>
    public bool Ignore { get; init; }
}

namespace Podsharp.Model;

/// <summary>A container that was restored.</summary>
public sealed record ContainerRestoration
{
    /// <summary>The container.</summary>
    public required Container Container { get; init; }
    /// <summary>What could not be carried over.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
    /// <summary>How long the OCI runtime took.</summary>
    public TimeSpan Duration { get; init; }
    /// <summary>What CRIU tells; null where it told nothing.</summary>
    public RestoreStatistics? Statistics { get; init; }
}

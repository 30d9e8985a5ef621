namespace Podsharp.Model;

/// <summary>A checkpoint that was made.</summary>
public sealed record ContainerCheckpoint
{
    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }
    /// <summary>The container's name.</summary>
    public required string Name { get; init; }
    /// <summary>Whether it is the first round only, which nothing can be restored from.</summary>
    public bool IsPre { get; init; }
    /// <summary>Whether the container runs on.</summary>
    public bool IsRunning { get; init; }
    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }
    /// <summary>The directory with CRIU's images, on the engine's host.</summary>
    public string Path { get; init; } = "";
    /// <summary>The archive that it was written to, as its caller calls it; empty for none.</summary>
    public string ArchivePath { get; init; } = "";
    /// <summary>The id of the image that was made of it; empty for none.</summary>
    public string ImageId { get; init; } = "";
    /// <summary>Bytes of CRIU's images.</summary>
    public long Size { get; init; }
    /// <summary>How long the OCI runtime took.</summary>
    public TimeSpan Duration { get; init; }
    /// <summary>What CRIU tells; null where it told nothing.</summary>
    public CheckpointStatistics? Statistics { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name;
}

namespace Podsharp.Model;

/// <summary>The space that all things of one kind take, as <c>podman system df</c> counts it.</summary>
public sealed record StorageUsage
{
    /// <summary>What takes it.</summary>
    public required StorageKind Kind { get; init; }
    /// <summary>How many there are; an image counts once for each of its names.</summary>
    public int Total { get; init; }
    /// <summary>How many are in use: images of containers, running containers, volumes' users.</summary>
    public int Active { get; init; }
    /// <summary>Bytes of all together; what images share counts once.</summary>
    public long Size { get; init; }
    /// <summary>Bytes that a removal of what isn't in use would free.</summary>
    public long Reclaimable { get; init; }
    /// <summary>Each of them.</summary>
    public IReadOnlyList<StorageItem> Items { get; init; } = [];
    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Size} bytes";
}

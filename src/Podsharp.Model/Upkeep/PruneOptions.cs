namespace Podsharp.Model;

/// <summary>What unused things to remove.</summary>
public sealed record PruneOptions
{
    /// <summary>Of which kinds, in this order whatever order they are given in: containers, images, volumes, networks, leftovers.</summary>
    public IReadOnlyList<StorageKind> Kinds { get; init; } = [StorageKind.Container, StorageKind.Image];
    /// <summary>All images that no container uses, not only those without a name.</summary>
    public bool AllImages { get; init; }
    /// <summary>Also containers that a build of buildah's or podman's has left.</summary>
    public bool BuildContainers { get; init; }
    /// <summary>podman's filters: label, label! and until (not for volumes).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    /// <summary>Only these of them, by id (volumes by name, leftovers by path); all when null.</summary>
    public IReadOnlyList<string>? Only { get; init; }
    /// <summary>Tells what would go and removes nothing.</summary>
    public bool DryRun { get; init; }
}

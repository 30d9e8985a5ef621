namespace Podsharp.Model;

/// <summary>What unused things to remove.</summary>
public sealed record PruneOptions
{
    /// <summary>The kinds that hold no data of people's own.</summary>
    public static IReadOnlyList<StorageKind> Everyday { get; } = [StorageKind.Pod, StorageKind.Container, StorageKind.Image, StorageKind.Network];

    /// <summary>Of which kinds, in this order whatever order they are given in: pods, containers, images, volumes, networks, leftovers, build caches.</summary>
    public IReadOnlyList<StorageKind> Kinds { get; init; } = Everyday;
    /// <summary>All images that no container uses, not only those without a name.</summary>
    public bool AllImages { get; init; }
    /// <summary>Also containers that a build of buildah's or podman's has left.</summary>
    public bool BuildContainers { get; init; }
    /// <summary>podman's filters: label, label! and until.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    /// <summary>Only these of them, by id (volumes by name, leftovers by path); all when null.</summary>
    public IReadOnlyList<string>? Only { get; init; }
    /// <summary>Tells what would go and removes nothing.</summary>
    public bool DryRun { get; init; }
}

namespace Podsharp.Model;

/// <summary>An image as it is at a registry, or in another place, without having been fetched.</summary>
public sealed record RemoteContainerImage
{
    /// <summary>The place that was asked for.</summary>
    public required string Source { get; init; }
    /// <summary>The repository's full name; empty for a place that is no registry.</summary>
    public string Repository { get; init; } = "";
    /// <summary>Digest of what the name stands for: of the list, where it is one.</summary>
    public required string Digest { get; init; }
    /// <summary>Media type of what the name stands for.</summary>
    public required string MediaType { get; init; }
    /// <summary>The manifest that the name stands for, as it is.</summary>
    public required string Manifest { get; init; }
    /// <summary>Digest of the image's own manifest; the same where there is no list.</summary>
    public string ImageDigest { get; init; } = "";
    /// <summary>The image's configuration, as it is; empty where it wasn't read.</summary>
    public string Configuration { get; init; } = "";
    /// <summary>Its id in a store: the configuration's digest, without the algorithm.</summary>
    public string Id { get; init; } = "";
    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }
    /// <summary>Operating system.</summary>
    public string Os { get; init; } = "";
    /// <summary>Processor architecture.</summary>
    public string Architecture { get; init; } = "";
    /// <summary>Architecture variant.</summary>
    public string Variant { get; init; } = "";
    /// <summary>Author.</summary>
    public string Author { get; init; } = "";
    /// <summary>Docker version that built it.</summary>
    public string DockerVersion { get; init; } = "";
    /// <summary>What a container made from it gets.</summary>
    public ImageConfig Config { get; init; } = new();
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Config.Labels;
    /// <summary>Annotations of the image's manifest.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>The layers, lowest first.</summary>
    public IReadOnlyList<RemoteImageLayer> Layers { get; init; } = [];
    /// <summary>Bytes of all layers, as they would be fetched.</summary>
    public long Size { get; init; }
    /// <summary>What a list names; empty where there is none.</summary>
    public IReadOnlyList<RemoteImageEntry> Entries { get; init; } = [];
    /// <summary>Tags of the repository; empty where they weren't asked for.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    /// <summary>How much may still be fetched from the registry; null where it doesn't say.</summary>
    public RegistryRateLimit? RateLimit { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Source;
}

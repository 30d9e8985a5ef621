namespace Podsharp.Engine.Storage;

/// <summary>An image's record in images.json.</summary>
internal sealed record StoredImage : IStoreRecord
{
    /// <summary>The data of a list of images that tells where those are.</summary>
    internal const string ListPlacesKey = "instances.json";

    /// <inheritdoc/>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <inheritdoc/>
    public required string Id { get; init; }

    /// <inheritdoc/>
    public bool IsVolatile => false;

    /// <summary>Full references (registry/repository:tag, sometimes repository@digest).</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Names it has or had, the newest first.</summary>
    public IReadOnlyList<string> NamesHistory { get; init; } = [];

    /// <summary>The manifest's digest: the index's, where the image came through one. Null for an image without manifest.</summary>
    public string? Digest { get; init; }

    /// <summary>All digests by which the image can be named: its own and those of its stored manifests.</summary>
    public IReadOnlyList<string> Digests { get; init; } = [];

    /// <summary>The top layer, or null for an image without layers.</summary>
    public string? TopLayerId { get; init; }

    /// <summary>Copies of the top layer with shifted owners.</summary>
    public IReadOnlyList<string> MappedLayerIds { get; init; } = [];

    /// <summary>A JSON text; normally "{}".</summary>
    public string? Metadata { get; init; }

    /// <summary>When the image was built, from its config.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The keys of its data (manifests, config, signatures).</summary>
    public IReadOnlyList<string> BigDataNames { get; init; } = [];

    /// <summary>Bytes of each of them.</summary>
    public IReadOnlyDictionary<string, long> BigDataSizes { get; init; } = new Dictionary<string, long>();

    /// <summary>The graph root it is in: the store's own or an additional one's.</summary>
    public string StoreRoot { get; init; } = "";

    /// <summary>Whether it is in an additional store, which is never written.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether it is no image but a list of images for several platforms.</summary>
    public bool IsList => TopLayerId is null && BigDataNames.Contains(ListPlacesKey);

    /// <summary>Directory of its data.</summary>
    internal string DirectoryPath => $"{StoreRoot}/overlay-images/{Id}";
}

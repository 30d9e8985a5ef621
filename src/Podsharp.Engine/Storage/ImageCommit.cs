namespace Podsharp.Engine.Storage;

/// <summary>An image to be recorded.</summary>
internal sealed record ImageCommit
{
    /// <summary>The hexadecimal digest of the config.</summary>
    public required string Id { get; init; }

    /// <summary>Full, normalised references; they are taken from whoever has them.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The top layer, or null for an image without layers.</summary>
    public string? TopLayerId { get; init; }

    /// <summary>When the image was built (from its config).</summary>
    public DateTimeOffset Created { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>The digest to be shown: the index's where the image came through one, else the manifest's.</summary>
    public string? Digest { get; init; }

    /// <summary>Manifests, config, signatures: key and exact bytes, in the order in which they are recorded (an index before the
    /// manifest it led to).</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> BigData { get; init; } = [];

    /// <summary>A JSON text.</summary>
    public string Metadata { get; init; } = "{}";
}

/// <summary>What removing an image did.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="RemovedNames">The names it had.</param>
/// <param name="RemovedLayerIds">The layers that went with it, top first.</param>
internal sealed record ImageRemoval(string ImageId, IReadOnlyList<string> RemovedNames, IReadOnlyList<string> RemovedLayerIds);

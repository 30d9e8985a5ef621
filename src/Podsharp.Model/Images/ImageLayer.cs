namespace Podsharp.Model;

/// <summary>A layer of an image in local storage.</summary>
public sealed record ImageLayer
{
    /// <summary>Its id in the store: 64 hexadecimal characters.</summary>
    public required string Id { get; init; }
    /// <summary>The layer below; empty for the lowest.</summary>
    public string ParentId { get; init; } = "";
    /// <summary>Digest of its uncompressed tar (the DiffID); empty where the store doesn't know.</summary>
    public string DiffId { get; init; } = "";
    /// <summary>Bytes, uncompressed.</summary>
    public long Size { get; init; }
    /// <summary>When it came into the store.</summary>
    public DateTimeOffset Created { get; init; }
    /// <summary>Names of the images of which it is the top layer.</summary>
    public IReadOnlyList<string> TopLayerOf { get; init; } = [];
    /// <summary>The first 12 characters of the id.</summary>
    public string ShortId => Id.Length > 12 ? Id[..12] : Id;
    /// <inheritdoc/>
    public override string ToString() => ShortId;
}

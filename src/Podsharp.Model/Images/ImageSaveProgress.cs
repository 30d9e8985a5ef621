namespace Podsharp.Model;

/// <summary>How far the saving of images is.</summary>
public sealed record ImageSaveProgress
{
    /// <summary>The image, as it was asked for.</summary>
    public string Reference { get; init; } = "";
    /// <summary>Digest of the layer (uncompressed) or the configuration that is being written.</summary>
    public string BlobDigest { get; init; } = "";
    /// <summary>Whether it is the configuration.</summary>
    public bool IsConfig { get; init; }
    /// <summary>Its bytes so far, as written.</summary>
    public long Current { get; init; }
    /// <summary>Its bytes before any compression; 0 if unknown.</summary>
    public long Total { get; init; }
}

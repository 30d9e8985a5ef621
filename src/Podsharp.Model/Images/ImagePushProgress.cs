namespace Podsharp.Model;

/// <summary>One step of a push.</summary>
public sealed record ImagePushProgress
{
    /// <summary>The image's name at the registry.</summary>
    public string Destination { get; init; } = "";
    /// <summary>What it tells.</summary>
    public ImagePushStage Stage { get; init; }
    /// <summary>The layer concerned, by the digest of its tar; null for the whole image.</summary>
    public string? LayerDigest { get; init; }
    /// <summary>Compressed bytes sent so far.</summary>
    public long Current { get; init; }
    /// <summary>Bytes of the layer's tar, of which compression sends fewer; 0 if unknown.</summary>
    public long Total { get; init; }
    /// <summary>A sentence for people.</summary>
    public string? Message { get; init; }
    /// <summary>What became of it, in the last record.</summary>
    public ImagePushResult? Result { get; init; }
}

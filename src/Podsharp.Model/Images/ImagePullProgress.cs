namespace Podsharp.Model;

/// <summary>One step of a pull.</summary>
public sealed record ImagePullProgress
{
    /// <summary>The full reference.</summary>
    public string Reference { get; init; } = "";
    /// <summary>What it tells.</summary>
    public ImagePullStage Stage { get; init; }
    /// <summary>The blob concerned; null for the whole image.</summary>
    public string? BlobDigest { get; init; }
    /// <summary>Bytes of the blob so far.</summary>
    public long Current { get; init; }
    /// <summary>Bytes of the blob; 0 if unknown.</summary>
    public long Total { get; init; }
    /// <summary>A sentence for people.</summary>
    public string? Message { get; init; }
    /// <summary>The image, in the last record.</summary>
    public ContainerImage? Image { get; init; }
}

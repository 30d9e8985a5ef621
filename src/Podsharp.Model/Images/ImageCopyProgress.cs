namespace Podsharp.Model;

/// <summary>One step of a copy between two places.</summary>
public sealed record ImageCopyProgress
{
    /// <summary>Where it goes.</summary>
    public string Destination { get; init; } = "";
    /// <summary>What it tells.</summary>
    public ImageCopyStage Stage { get; init; }
    /// <summary>The blob concerned; null for the whole image.</summary>
    public string? BlobDigest { get; init; }
    /// <summary>Bytes of the blob that have been written so far.</summary>
    public long Current { get; init; }
    /// <summary>Bytes of the blob as the source has it; 0 if unknown.</summary>
    public long Total { get; init; }
    /// <summary>A sentence for people.</summary>
    public string? Message { get; init; }
    /// <summary>What became of it, in the last record.</summary>
    public ImageCopyResult? Result { get; init; }
}

namespace Podsharp.Engine.Storage;

/// <summary>What is known of a layer when it is recorded.</summary>
internal sealed record LayerCommit
{
    /// <summary>The layer below, or null for a base layer.</summary>
    public string? ParentId { get; init; }

    /// <summary>The DiffID that the image's config promises ("sha256:..."), or null where nothing is promised (import).</summary>
    public string? ExpectedDiffId { get; init; }

    /// <summary>Digest of the blob as it came ("sha256:..."), or null.</summary>
    public string? CompressedDigest { get; init; }

    /// <summary>Bytes of that blob, or null.</summary>
    public long? CompressedSize { get; init; }

    /// <summary>How it was compressed.</summary>
    public LayerCompression Compression { get; init; }
}

/// <summary>What unpacking a layer's tar found.</summary>
/// <param name="DiffId">The digest of the tar, "sha256:...".</param>
/// <param name="DiffSize">The tar's bytes.</param>
/// <param name="UserIds">The distinct owners in it, sorted.</param>
/// <param name="GroupIds">The distinct groups in it, sorted.</param>
internal sealed record UnpackResult(string DiffId, long DiffSize, IReadOnlyList<uint> UserIds, IReadOnlyList<uint> GroupIds);

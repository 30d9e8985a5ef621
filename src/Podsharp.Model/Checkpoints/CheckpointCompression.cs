namespace Podsharp.Model;

/// <summary>How the archive of a checkpoint is compressed.</summary>
public enum CheckpointCompression
{
    /// <summary>zstd.</summary>
    Zstd,
    /// <summary>gzip.</summary>
    Gzip,
    /// <summary>Not at all.</summary>
    None,
}

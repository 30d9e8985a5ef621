namespace Podsharp.Model;

/// <summary>How layers are compressed on their way to a registry.</summary>
public enum ImageCompression
{
    /// <summary>gzip, which everybody reads.</summary>
    Gzip,
    /// <summary>zstd, which images in OCI form may use: faster to unpack.</summary>
    Zstd,
}

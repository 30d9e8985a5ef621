namespace Podsharp.Model;

/// <summary>Images to be written to a stream.</summary>
public sealed record ImageSaveRequest
{
    /// <summary>The images. A directory in Docker's form holds one only.</summary>
    public required IReadOnlyList<ImageToSave> Images { get; init; }
    /// <summary>What to write.</summary>
    public ImageArchiveFormat Format { get; init; }
    /// <summary>Whether layers are compressed; null: as is usual for the format (OCI's are, Docker's aren't). An archive in Docker's form can't have
    /// compressed ones.</summary>
    public bool? Compress { get; init; }
}

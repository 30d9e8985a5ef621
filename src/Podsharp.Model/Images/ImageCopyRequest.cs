namespace Podsharp.Model;

/// <summary>An image to copy from one place to another.</summary>
/// <remarks>Places are named as containers-transports(5) has it: <c>docker://NAME</c>, <c>containers-storage:NAME</c>, <c>oci:DIRECTORY[:NAME]</c>,
/// <c>oci-archive:FILE[:NAME]</c>, <c>docker-archive:FILE[:NAME]</c>, <c>dir:DIRECTORY</c>. Files and directories are the engine's host's, by full paths.</remarks>
public sealed record ImageCopyRequest
{
    /// <summary>Where the image is.</summary>
    public required string Source { get; init; }
    /// <summary>Where it is to go.</summary>
    public required string Destination { get; init; }
    /// <summary>How to talk to the source's registry.</summary>
    public RegistryOptions SourceRegistry { get; init; } = new();
    /// <summary>How to talk to the destination's registry.</summary>
    public RegistryOptions DestinationRegistry { get; init; } = new();
    /// <summary>What of a list is copied.</summary>
    public ImageListCopy Lists { get; init; }
    /// <summary>Which image of a list is taken; the host's platform when null.</summary>
    public ImagePlatform? Platform { get; init; }
    /// <summary>The form it takes there; null for the one it has, or another one if the destination doesn't take that.</summary>
    public ImageFormat? Format { get; init; }
    /// <summary>How layers are compressed: plain ones, and those that are compressed otherwise. Null for gzip, and only where the destination wants layers compressed.</summary>
    public ImageCompression? Compression { get; init; }
    /// <summary>How hard, in the compression's own numbers (gzip 0 to 9, zstd 1 to 20); its usual one when null.</summary>
    public int? CompressionLevel { get; init; }
    /// <summary>Also copies layers that the destination has, but compressed in another way.</summary>
    public bool ForceCompression { get; init; }
    /// <summary>How the destination has layers; null for what is usual there: compressed at a registry and in OCI's form, plain in an archive of Docker's, as they
    /// are in <c>dir:</c>.</summary>
    public ImageLayerForm? Layers { get; init; }
    /// <summary>Rather fails than changes a digest.</summary>
    public bool PreserveDigests { get; init; }
    /// <summary>Leaves signatures behind that the source has.</summary>
    public bool RemoveSignatures { get; init; }
    /// <summary>For whom layers are encrypted at the destination; <see cref="RegistryOptions.DecryptionKeys"/> of the source open those that are.</summary>
    public ImageEncryption Encryption { get; init; } = new();
    /// <summary>Further names for the image, where the destination is an archive in Docker's form.</summary>
    public IReadOnlyList<string> AdditionalNames { get; init; } = [];
}

namespace Podsharp.Model;

/// <summary>An image to send to a registry.</summary>
public sealed record ImagePushRequest
{
    /// <summary>The image: its name or id.</summary>
    public required string Image { get; init; }
    /// <summary>The name at the registry, <c>docker://</c> before it or not; the image's own when null.</summary>
    public string? Destination { get; init; }
    /// <summary>The form it takes there; null for the one it has, or another one if the registry refuses that.</summary>
    public ImageFormat? Format { get; init; }
    /// <summary>How layers are compressed that have to be sent; gzip when null.</summary>
    public ImageCompression? Compression { get; init; }
    /// <summary>How hard, in the compression's own numbers (gzip 0 to 9, zstd 1 to 20); its usual one when null.</summary>
    public int? CompressionLevel { get; init; }
    /// <summary>Also sends layers that the registry has, but compressed in another way.</summary>
    public bool ForceCompression { get; init; }
    /// <summary>Leaves signatures behind that the store has for the image.</summary>
    public bool RemoveSignatures { get; init; }
    /// <summary>How it is signed there.</summary>
    public ImageSigning Signing { get; init; } = new();
    /// <summary>For whom its layers are encrypted there.</summary>
    public ImageEncryption Encryption { get; init; } = new();
    /// <summary>How to talk to the registry.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

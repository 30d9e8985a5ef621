namespace Podsharp.Model;

/// <summary>A list of images to send.</summary>
public sealed record ManifestPushRequest
{
    /// <summary>The list: its name or id.</summary>
    public required string Name { get; init; }
    /// <summary>The name at the registry, or a place as containers-transports(5) has it (<c>oci:</c>, <c>oci-archive:</c>, <c>dir:</c>), with a full path; the list's own name when null.</summary>
    public string? Destination { get; init; }
    /// <summary>Whether the images go, too; else the registry must have them.</summary>
    public bool All { get; init; } = true;
    /// <summary>The form of the list and its images there; null for the one they have.</summary>
    public ImageFormat? Format { get; init; }
    /// <summary>How layers are compressed that have to be sent; gzip when null.</summary>
    public ImageCompression? Compression { get; init; }
    /// <summary>How hard, in the compression's own numbers; its usual one when null.</summary>
    public int? CompressionLevel { get; init; }
    /// <summary>Also sends layers that the registry has, but compressed in another way.</summary>
    public bool ForceCompression { get; init; }
    /// <summary>Adds images to the list there that differ from the others in their compression alone.</summary>
    public IReadOnlyList<ImageCompression> AddCompression { get; init; } = [];
    /// <summary>Leaves signatures behind.</summary>
    public bool RemoveSignatures { get; init; }
    /// <summary>How to talk to registries.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

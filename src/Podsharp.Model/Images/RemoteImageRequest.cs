namespace Podsharp.Model;

/// <summary>An image to look at where it is.</summary>
public sealed record RemoteImageRequest
{
    /// <summary>The place, as <see cref="ImageCopyRequest.Source"/> has it; a name alone is one at a registry.</summary>
    public required string Source { get; init; }
    /// <summary>Which image of a list is looked at; the host's platform when null.</summary>
    public ImagePlatform? Platform { get; init; }
    /// <summary>Lists the repository's tags, too.</summary>
    public bool Tags { get; init; }
    /// <summary>Reads no more than the manifest that the name stands for, which needn't be an image's: no configuration, no image of a list.</summary>
    public bool ManifestOnly { get; init; }
    /// <summary>How to talk to the registry.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

namespace Podsharp.Model;

/// <summary>What is to be changed in a list of images.</summary>
public sealed record ManifestAnnotateRequest
{
    /// <summary>The image: the digest of its manifest, or a name; null for the list alone.</summary>
    public string? Image { get; init; }
    /// <summary>What the list is to say about the image.</summary>
    public ManifestImageChange Change { get; init; } = new();
    /// <summary>Annotations of the list itself to set.</summary>
    public IReadOnlyDictionary<string, string> ListAnnotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>The image that the list is about: its name, with or without a transport; null leaves that as it is.</summary>
    public string? Subject { get; init; }
    /// <summary>How to talk to registries.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

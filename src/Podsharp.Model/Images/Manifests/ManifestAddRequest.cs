namespace Podsharp.Model;

/// <summary>Images to put into a list.</summary>
public sealed record ManifestAddRequest
{
    /// <summary>The images: names of local images, or of a registry's, with or without a transport.</summary>
    public required IReadOnlyList<string> Images { get; init; }
    /// <summary>Of those that are lists, takes all images, and not the one for this host alone.</summary>
    public bool All { get; init; }
    /// <summary>What the list is to say about each, in place of what its own configuration says.</summary>
    public ManifestImageChange Change { get; init; } = new();
    /// <summary>How to talk to registries.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

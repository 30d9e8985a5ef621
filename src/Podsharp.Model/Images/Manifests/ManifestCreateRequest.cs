namespace Podsharp.Model;

/// <summary>A list of images to make.</summary>
public sealed record ManifestCreateRequest
{
    /// <summary>Its name; a short one belongs to <c>localhost</c>.</summary>
    public required string Name { get; init; }
    /// <summary>Images to put into it: names of local images, or of a registry's, with or without a transport.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];
    /// <summary>Of those that are lists, takes all images, and not the one for this host alone.</summary>
    public bool All { get; init; }
    /// <summary>Adds to a list of that name, if there is one.</summary>
    public bool Amend { get; init; }
    /// <summary>Annotations of the list.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>How to talk to registries.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

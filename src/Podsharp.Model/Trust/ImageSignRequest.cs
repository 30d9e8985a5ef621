namespace Podsharp.Model;

/// <summary>An image at a registry to be signed.</summary>
public sealed record ImageSignRequest
{
    /// <summary>Its name, <c>docker://</c> before it or not.</summary>
    public required string Image { get; init; }
    /// <summary>Of a list each image is signed, and the list; otherwise what the name stands for.</summary>
    public bool All { get; init; }
    /// <summary>The directory to write simple signatures to; where registries.d says when null.</summary>
    public string? Directory { get; init; }
    /// <summary>How to sign.</summary>
    public ImageSigning Signing { get; init; } = new();
    /// <summary>How to talk to the registry.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

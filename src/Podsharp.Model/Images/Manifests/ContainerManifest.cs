namespace Podsharp.Model;

/// <summary>A list of images for several platforms under one name: an OCI image index, or Docker's manifest list.</summary>
public sealed record ContainerManifest
{
    /// <summary>64 lower-case hexadecimal characters; empty for a list at a registry. It stays the same whatever is changed.</summary>
    public string Id { get; init; } = "";
    /// <summary>Full names (<c>localhost/app:latest</c>).</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>The media type: an OCI index's or a Docker list's.</summary>
    public required string MediaType { get; init; }
    /// <summary>Digest of the list as it is now (<c>sha256:…</c>). A push may change it, since it compresses layers.</summary>
    public required string Digest { get; init; }
    /// <summary>The type of artifact that the list is; empty for none.</summary>
    public string ArtifactType { get; init; } = "";
    /// <summary>What the list names, in its order.</summary>
    public IReadOnlyList<ContainerManifestImage> Images { get; init; } = [];
    /// <summary>Annotations of the list.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>The image that the list is about; null for none.</summary>
    public ContainerManifestImage? Subject { get; init; }
    /// <summary>When it was made; null for a list at a registry.</summary>
    public DateTimeOffset? Created { get; init; }
    /// <summary>The first 12 characters of the id.</summary>
    public string ShortId => Id.Length > 12 ? Id[..12] : Id;
    /// <summary>The platforms of its images, in the list's order.</summary>
    public IReadOnlyList<string> Platforms => Images.Where(image => image.Architecture.Length > 0).Select(image => image.Platform).ToArray();
    /// <inheritdoc/>
    public override string ToString() => Names.Count > 0 ? Names[0] : Id;
}

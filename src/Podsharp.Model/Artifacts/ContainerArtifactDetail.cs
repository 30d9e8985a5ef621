namespace Podsharp.Model;

/// <summary>Everything about an artifact.</summary>
public sealed record ContainerArtifactDetail
{
    /// <summary>The artifact.</summary>
    public required ContainerArtifact Artifact { get; init; }
    /// <summary>Its manifest.</summary>
    public required ArtifactManifest Manifest { get; init; }
    /// <summary>Its name.</summary>
    public string Name => Artifact.Name;
    /// <summary>The digest of its manifest.</summary>
    public string Digest => Artifact.Digest;
    /// <summary>Its files.</summary>
    public IReadOnlyList<ArtifactDescriptor> Files => Manifest.Layers;
    /// <inheritdoc/>
    public override string ToString() => Artifact.ToString();
}

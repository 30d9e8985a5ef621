namespace Podsharp.Model;

/// <summary>The manifest of an artifact (OCI image-spec, manifest.md).</summary>
public sealed record ArtifactManifest
{
    /// <summary>Version of the format: 2.</summary>
    public int SchemaVersion { get; init; } = 2;
    /// <summary>The manifest's media type; empty where it isn't written.</summary>
    public string MediaType { get; init; } = "";
    /// <summary>What kind of artifact it is; empty where it isn't written.</summary>
    public string ArtifactType { get; init; } = "";
    /// <summary>The configuration, which most artifacts have none of: then it is the empty object.</summary>
    public ArtifactDescriptor Config { get; init; } = new();
    /// <summary>The files.</summary>
    public IReadOnlyList<ArtifactDescriptor> Layers { get; init; } = [];
    /// <summary>The manifest of the image that it is about; null for none.</summary>
    public ArtifactDescriptor? Subject { get; init; }
    /// <summary>Annotations of the whole.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
}

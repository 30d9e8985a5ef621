namespace Podsharp.Model;

/// <summary>A blob that an artifact's manifest names (OCI image-spec, descriptor.md).</summary>
public sealed record ArtifactDescriptor
{
    /// <summary>The annotation that holds a file's name.</summary>
    public const string TitleAnnotation = "org.opencontainers.image.title";

    /// <summary>What it holds.</summary>
    public string MediaType { get; init; } = "";
    /// <summary>Its digest, <c>sha256:...</c>.</summary>
    public string Digest { get; init; } = "";
    /// <summary>Its bytes.</summary>
    public long Size { get; init; }
    /// <summary>Addresses at which it can be had, too.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];
    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>Its content in base64, where that is so small that it is written here, too; else empty.</summary>
    public string Data { get; init; } = "";
    /// <summary>What kind of artifact it is, where it is one; else empty.</summary>
    public string ArtifactType { get; init; } = "";
    /// <summary>The file's name; empty where it has none.</summary>
    public string Title => Annotations.GetValueOrDefault(TitleAnnotation, "");
    /// <inheritdoc/>
    public override string ToString() => Title.Length > 0 ? Title : Digest;
}

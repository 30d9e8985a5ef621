namespace Podsharp.Model;

/// <summary>An artifact at a registry that is about an image there.</summary>
public sealed record ContainerArtifactReferrer
{
    /// <summary>Its name there, by digest: it can be pulled by that.</summary>
    public required string Name { get; init; }
    /// <summary>The digest of its manifest.</summary>
    public required string Digest { get; init; }
    /// <summary>What kind of artifact it is; empty where it doesn't say.</summary>
    public string Type { get; init; } = "";
    /// <summary>Bytes of its manifest.</summary>
    public long Size { get; init; }
    /// <summary>Its annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>The image that it is about, by digest.</summary>
    public required string Subject { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name;
}

namespace Podsharp.Model;

/// <summary>Files that are sent to a registry as an artifact about an image there (OCI distribution-spec, "Listing Referrers").</summary>
public sealed record ArtifactAttachRequest
{
    /// <summary>The image's name at its registry, with tag or digest.</summary>
    public required string Subject { get; init; }
    /// <summary>The files, in this order.</summary>
    public required IReadOnlyList<ArtifactFile> Files { get; init; }
    /// <summary>What kind of artifact it is, a media type: it is found by that.</summary>
    public required string Type { get; init; }
    /// <summary>Media type of the files; null for what their first bytes look like.</summary>
    public string? FileType { get; init; }
    /// <summary>Annotations of the artifact.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>How to talk to the registry.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

namespace Podsharp.Model;

/// <summary>Files that become an artifact, or a part of one.</summary>
public sealed record ArtifactAddRequest
{
    /// <summary>The artifact's name: an image's, with its registry where it is to be pushed.</summary>
    public required string Name { get; init; }
    /// <summary>The files, in this order.</summary>
    public required IReadOnlyList<ArtifactFile> Files { get; init; }
    /// <summary>What kind of artifact it is, a media type; null to leave that out.</summary>
    public string? Type { get; init; }
    /// <summary>Media type of the files; null for what their first bytes look like.</summary>
    public string? FileType { get; init; }
    /// <summary>Annotations of the files, and of an artifact that is made anew.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>Adds the files to an artifact of that name.</summary>
    public bool Append { get; init; }
    /// <summary>Takes the place of an artifact of that name.</summary>
    public bool Replace { get; init; }
}

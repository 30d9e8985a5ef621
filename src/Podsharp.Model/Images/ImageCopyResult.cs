namespace Podsharp.Model;

/// <summary>What a copy between two places came to.</summary>
public sealed record ImageCopyResult
{
    /// <summary>Where it came from.</summary>
    public required string Source { get; init; }
    /// <summary>Where it is now.</summary>
    public required string Destination { get; init; }
    /// <summary>Digest of its manifest there, of the list's where a list was copied.</summary>
    public required string Digest { get; init; }
    /// <summary>Digest of what the source's name stood for.</summary>
    public required string SourceDigest { get; init; }
    /// <summary>Media type of the manifest there.</summary>
    public required string MediaType { get; init; }
    /// <summary>Number of images copied: several for a list.</summary>
    public required int Images { get; init; }
}

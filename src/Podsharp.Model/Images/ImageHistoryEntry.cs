namespace Podsharp.Model;

/// <summary>One step of an image's history.</summary>
public sealed record ImageHistoryEntry
{
    /// <summary>The image that ended with this step, where it is in local storage; else empty.</summary>
    public string Id { get; init; } = "";
    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }
    /// <summary>The instruction.</summary>
    public string CreatedBy { get; init; } = "";
    /// <summary>Comment.</summary>
    public string Comment { get; init; } = "";
    /// <summary>It made no layer.</summary>
    public bool EmptyLayer { get; init; }
    /// <summary>Bytes of its layer, uncompressed; 0 for none.</summary>
    public long Size { get; init; }
    /// <summary>Names of images that end with its layer.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    /// <summary>The first 12 characters of the id.</summary>
    public string ShortId => Id.Length > 12 ? Id[..12] : Id;
}

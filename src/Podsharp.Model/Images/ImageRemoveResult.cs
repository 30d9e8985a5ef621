namespace Podsharp.Model;

/// <summary>What a removal took away.</summary>
/// <param name="Id">The image's id.</param>
/// <param name="Untagged">Names taken away.</param>
/// <param name="Deleted">Whether the image itself is gone.</param>
public sealed record ImageRemoveResult(string Id, IReadOnlyList<string> Untagged, bool Deleted)
{
    /// <summary>Ids of unnamed images that it was made from, and that went with it.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];
}

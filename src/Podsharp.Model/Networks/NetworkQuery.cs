namespace Podsharp.Model;

/// <summary>Which networks to list.</summary>
public sealed record NetworkQuery
{
    /// <summary>Those with one of these names, ids or beginnings of ids; all when empty.</summary>
    public IReadOnlyList<string> NamesOrIds { get; init; } = [];
    /// <summary>podman's filters: name, id, driver, label, label!, dangling, until.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

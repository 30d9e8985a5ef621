namespace Podsharp.Model;

/// <summary>Which pods a list holds.</summary>
public sealed record PodQuery
{
    /// <summary>Names, ids or id prefixes; empty for any. Each must match, else PodNotFound.</summary>
    public IReadOnlyList<string> NamesOrIds { get; init; } = [];
    /// <summary>podman's filters: key (ctr-ids, ctr-names, ctr-number, ctr-status, id, label, label!, name, network, status, until) to values; different
    /// keys must all hold, of one key's values any (labels: all).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    /// <summary>Only those that a prune removes: what ran has ended.</summary>
    public bool Unused { get; init; }
    /// <summary>Only the newest.</summary>
    public bool Latest { get; init; }
}

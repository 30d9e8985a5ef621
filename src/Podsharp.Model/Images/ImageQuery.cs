namespace Podsharp.Model;

/// <summary>Which images a list holds.</summary>
public sealed record ImageQuery
{
    /// <summary>Also intermediate images (unnamed, with children).</summary>
    public bool All { get; init; }
    /// <summary>Names or id prefixes; empty for any.</summary>
    public IReadOnlyList<string> NamesOrIds { get; init; } = [];
    /// <summary>podman's filters: reference, id, label, dangling, before, since, until, readonly, containers, digest.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    /// <summary>Read labels from each configuration.</summary>
    public bool Labels { get; init; }
}

namespace Podsharp.Model;

/// <summary>Which containers a list holds.</summary>
public sealed record ContainerQuery
{
    /// <summary>Also those that don't run.</summary>
    public bool All { get; init; }
    /// <summary>Also those of other engines in the shared store.</summary>
    public bool External { get; init; }
    /// <summary>Only those that a prune removes: never started, or ended. Filters are label, label! and until then.</summary>
    public bool Unused { get; init; }
    /// <summary>Compute sizes (walks the containers' layers).</summary>
    public bool Size { get; init; }
    /// <summary>Read the namespaces of those that run (seven links of /proc a container).</summary>
    public bool Namespaces { get; init; }
    /// <summary>Names, ids or id prefixes; empty for any. Each must match, else ContainerNotFound.</summary>
    public IReadOnlyList<string> NamesOrIds { get; init; } = [];
    /// <summary>podman's ps filters: key (id, name, label, label!, status, ancestor, exited, before, since, until, volume, network, command,
    /// health, pod, restart-policy, should-start-on-boot) to
    /// values; different keys must all hold, of one key's values any (labels: all).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    /// <summary>The newest n only, in any state; 0 for all.</summary>
    public int Last { get; init; }
}

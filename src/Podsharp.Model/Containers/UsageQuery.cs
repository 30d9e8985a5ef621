namespace Podsharp.Model;

/// <summary>Whose use is measured, and how often.</summary>
public sealed record UsageQuery
{
    /// <summary>Containers by name or id. Without any: all that run when a look is taken.</summary>
    public IReadOnlyList<string> NamesOrIds { get; init; } = [];
    /// <summary>Only containers of these pods, by name or id, that run when a look is taken; empty for any.</summary>
    public IReadOnlyList<string> Pods { get; init; } = [];
    /// <summary>Without names: those that don't run, too, with nothing used.</summary>
    public bool All { get; init; }
    /// <summary>The time between two looks; null for one look.</summary>
    public TimeSpan? Interval { get; init; }
}

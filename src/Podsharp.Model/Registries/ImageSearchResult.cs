namespace Podsharp.Model;

/// <summary>A repository that a registry has, or one of its tags.</summary>
public sealed record ImageSearchResult
{
    /// <summary>The registry.</summary>
    public required string Registry { get; init; }
    /// <summary>The repository's whole name.</summary>
    public required string Name { get; init; }
    /// <summary>The tag, where tags are listed.</summary>
    public string? Tag { get; init; }
    /// <summary>What its owner says of it; few registries tell.</summary>
    public string Description { get; init; } = "";
    /// <summary>How many like it.</summary>
    public int Stars { get; init; }
    /// <summary>Whether the registry stands for it.</summary>
    public bool Official { get; init; }
    /// <summary>Whether the registry builds it.</summary>
    public bool Automated { get; init; }
}

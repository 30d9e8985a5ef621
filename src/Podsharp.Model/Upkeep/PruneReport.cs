namespace Podsharp.Model;

/// <summary>Something unused that was removed, or would be.</summary>
public sealed record PruneReport
{
    /// <summary>What it is.</summary>
    public required StorageKind Kind { get; init; }
    /// <summary>Its id; a volume's name, a leftover's path.</summary>
    public required string Id { get; init; }
    /// <summary>Its name; empty where it has none.</summary>
    public string Name { get; init; } = "";
    /// <summary>Bytes that its removal frees. What an image shares with others counts for the last of them.</summary>
    public long Size { get; init; }
    /// <summary>Whether it is still there: only a plan was asked for.</summary>
    public bool Planned { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? Name : Id;
}

namespace Podsharp.Model;

/// <summary>What a look at the store, the state and the host has found.</summary>
public sealed record StorageCheckReport
{
    /// <summary>All that is wrong, or was.</summary>
    public IReadOnlyList<StorageFinding> Findings { get; init; } = [];
    /// <summary>Layers that were looked at.</summary>
    public int Layers { get; init; }
    /// <summary>Images that were looked at.</summary>
    public int Images { get; init; }
    /// <summary>Containers that were looked at, other engines' among them.</summary>
    public int Containers { get; init; }
    /// <summary>Whether nothing is wrong any more.</summary>
    public bool Healthy => Findings.All(finding => finding.Repaired);
}

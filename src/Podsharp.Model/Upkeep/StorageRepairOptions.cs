namespace Podsharp.Model;

/// <summary>What to repair.</summary>
public sealed record StorageRepairOptions
{
    /// <summary>How thoroughly to look for it.</summary>
    public StorageCheckOptions Check { get; init; } = new();
    /// <summary>The highest price of a repair.</summary>
    public RepairCost Highest { get; init; } = RepairCost.Images;
    /// <summary>Only these findings, whole records that a check gave; all when null.</summary>
    public IReadOnlyList<StorageFinding>? Only { get; init; }
}

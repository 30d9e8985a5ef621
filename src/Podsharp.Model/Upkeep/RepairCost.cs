namespace Podsharp.Model;

/// <summary>What a repair costs.</summary>
public enum RepairCost
{
    /// <summary>It can't be repaired here; the finding says what else to do.</summary>
    Impossible,
    /// <summary>Nothing is lost.</summary>
    Nothing,
    /// <summary>Images, which can be pulled or built again.</summary>
    Images,
    /// <summary>Containers with the files that they have written.</summary>
    Containers,
}

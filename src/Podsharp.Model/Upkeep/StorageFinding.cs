namespace Podsharp.Model;

/// <summary>Something that is wrong with what an engine keeps.</summary>
public sealed record StorageFinding
{
    /// <summary>The kind of damage.</summary>
    public required FindingKind Kind { get; init; }
    /// <summary>What it is about: layer, image, container, volume, network, store or state.</summary>
    public required string Object { get; init; }
    /// <summary>The object's id or name.</summary>
    public string Id { get; init; } = "";
    /// <summary>Where it is; empty where that is no file.</summary>
    public string Path { get; init; } = "";
    /// <summary>What is wrong, a sentence without its full stop.</summary>
    public required string Problem { get; init; }
    /// <summary>What a repair costs.</summary>
    public RepairCost Cost { get; init; }
    /// <summary>What a repair does and loses, or what to do where none is possible.</summary>
    public string Remedy { get; init; } = "";
    /// <summary>Whether it has been repaired.</summary>
    public bool Repaired { get; init; }
    /// <summary>Why a repair that was asked for didn't succeed; empty otherwise.</summary>
    public string Failure { get; init; } = "";
    /// <inheritdoc/>
    public override string ToString() => $"{Object} {Id}: {Problem}".Replace(" :", ":", StringComparison.Ordinal);
}

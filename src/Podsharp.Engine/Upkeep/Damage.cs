using Podsharp.Model;

namespace Podsharp.Engine.Upkeep;

/// <summary>A finding, and what repairs it.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Repair">Repairs it; null where that is impossible. May be called though the damage has gone meanwhile.</param>
internal sealed record Damage(StorageFinding Finding, Action<CancellationToken>? Repair = null);

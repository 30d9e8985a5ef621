using Podsharp.Engine.Hooks;
using Podsharp.Engine.Runtime;

namespace Podsharp.Engine.Devices.Cdi;

/// <summary>What a CDI specification changes about a container (the member containerEdits).</summary>
internal sealed record CdiEdits
{
    /// <summary>Nothing.</summary>
    internal static CdiEdits None { get; } = new();

    /// <summary>Device nodes.</summary>
    internal IReadOnlyList<CdiDeviceNode> Nodes { get; init; } = [];
    /// <summary>Mounts.</summary>
    internal IReadOnlyList<OciMount> Mounts { get; init; } = [];
    /// <summary>Variables, NAME=value.</summary>
    internal IReadOnlyList<string> Environment { get; init; } = [];
    /// <summary>Hooks.</summary>
    internal IReadOnlyList<StagedHook> Hooks { get; init; } = [];
    /// <summary>Further groups.</summary>
    internal IReadOnlyList<uint> Groups { get; init; } = [];
    /// <summary>The class of service; null for none.</summary>
    internal string? RdtClass { get; init; }

    /// <summary>These, and others behind them.</summary>
    internal CdiEdits With(CdiEdits other) => new()
    {
        Nodes = [.. Nodes, .. other.Nodes],
        Mounts = [.. Mounts, .. other.Mounts],
        Environment = [.. Environment, .. other.Environment],
        Hooks = [.. Hooks, .. other.Hooks],
        Groups = [.. Groups, .. other.Groups],
        RdtClass = other.RdtClass ?? RdtClass,
    };
}

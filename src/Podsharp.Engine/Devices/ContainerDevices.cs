using Podsharp.Engine.Hooks;
using Podsharp.Engine.Runtime;

namespace Podsharp.Engine.Devices;

/// <summary>What a container gets of devices, and with them of CDI's specifications.</summary>
internal sealed record ContainerDevices
{
    /// <summary>Nothing.</summary>
    internal static ContainerDevices None { get; } = new();

    /// <summary>Nodes to make.</summary>
    internal IReadOnlyList<OciDevice> Nodes { get; init; } = [];
    /// <summary>What its control group allows.</summary>
    internal IReadOnlyList<OciDeviceRule> Rules { get; init; } = [];
    /// <summary>Mounts: CDI's, and devices where no nodes can be made.</summary>
    internal IReadOnlyList<OciMount> Mounts { get; init; } = [];
    /// <summary>Variables, NAME=value.</summary>
    internal IReadOnlyList<string> Environment { get; init; } = [];
    /// <summary>Programs to run at stages of its life.</summary>
    internal IReadOnlyList<StagedHook> Hooks { get; init; } = [];
    /// <summary>Further groups of its process.</summary>
    internal IReadOnlyList<uint> Groups { get; init; } = [];
    /// <summary>The class of service for cache and memory bandwidth; null for none.</summary>
    internal string? RdtClass { get; init; }
}

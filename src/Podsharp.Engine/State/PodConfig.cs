using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>What is decided about a pod at its creation.</summary>
internal sealed record PodConfig
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required PodSpec Spec { get; init; }

    /// <summary>Its infra container; empty without one.</summary>
    public string InfraId { get; init; } = "";

    /// <summary>The control group in which its own is made.</summary>
    public string CgroupParent { get; init; } = "";

    /// <summary>Its control group; empty where this process can't make groups.</summary>
    public string CgroupPath { get; init; } = "";

    /// <summary>The slice that its control group is where systemd makes them; else empty.</summary>
    public string CgroupSlice { get; init; } = "";
}

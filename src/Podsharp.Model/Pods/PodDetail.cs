namespace Podsharp.Model;

/// <summary>Everything about a pod.</summary>
public sealed record PodDetail
{
    /// <summary>The pod.</summary>
    public required Pod Pod { get; init; }
    /// <summary>What was asked for.</summary>
    public required PodSpec Spec { get; init; }
    /// <summary>The pod's control group.</summary>
    public string CgroupPath { get; init; } = "";
    /// <summary>The infra container; null without one.</summary>
    public ContainerDetail? Infra { get; init; }
    /// <summary>The pod's name.</summary>
    public string Name => Pod.Name;
    /// <summary>The pod's id.</summary>
    public string Id => Pod.Id;
    /// <inheritdoc/>
    public override string ToString() => Pod.Name;
}

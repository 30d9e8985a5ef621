namespace Podsharp.Model;

/// <summary>A pod as a list shows it: containers that share namespaces and a control group.</summary>
public sealed record Pod
{
    /// <summary>64 lower-case hexadecimal characters.</summary>
    public required string Id { get; init; }
    /// <summary>The unique name.</summary>
    public required string Name { get; init; }
    /// <summary>What its containers do, summed up.</summary>
    public PodState State { get; init; }
    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; init; }
    /// <summary>The container that holds the shared namespaces; empty without one.</summary>
    public string InfraId { get; init; } = "";
    /// <summary>Its containers, oldest first, the infra container among them.</summary>
    public IReadOnlyList<PodContainer> Containers { get; init; } = [];
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>The networks of its infra container.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];
    /// <summary>The published ports of its infra container.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];
    /// <summary>The namespaces that its containers share: <c>cgroup</c>, <c>ipc</c>, <c>net</c>, <c>pid</c>, <c>uts</c>.</summary>
    public IReadOnlyList<string> SharedNamespaces { get; init; } = [];
    /// <summary>What becomes of it when the last of its ordinary containers has ended.</summary>
    public PodExitPolicy ExitPolicy { get; init; }
    /// <summary>The restart policy of its containers that have none of their own.</summary>
    public RestartPolicy RestartPolicy { get; init; } = RestartPolicy.No;
    /// <summary>The control group in which the pod's own is.</summary>
    public string CgroupParent { get; init; } = "";
    /// <summary>The first 12 characters of the id.</summary>
    public string ShortId => Id.Length > 12 ? Id[..12] : Id;
    /// <inheritdoc/>
    public override string ToString() => Name;
}

namespace Podsharp.Model;

/// <summary>All that a caller can ask of a new pod.</summary>
public sealed record PodSpec
{
    /// <summary>The namespaces that the containers of a pod share unless told otherwise.</summary>
    public static IReadOnlyList<string> DefaultShare { get; } = ["ipc", "net", "uts"];

    /// <summary>The name; an invented one when null.</summary>
    public string? Name { get; init; }
    /// <summary>Removes another pod of that name first, even if it runs.</summary>
    public bool Replace { get; init; }
    /// <summary>Labels of the pod, and of its infra container.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>Whether it has a container that holds the shared namespaces. Without one nothing is shared.</summary>
    public bool Infra { get; init; } = true;
    /// <summary>The infra container's name; the beginning of the pod's id and <c>-infra</c> when null.</summary>
    public string? InfraName { get; init; }
    /// <summary>An image for the infra container; catatonit of the host, with no image, when null.</summary>
    public string? InfraImage { get; init; }
    /// <summary>What the infra container runs; <c>catatonit -P</c>, or what its image says, when null.</summary>
    public IReadOnlyList<string>? InfraCommand { get; init; }
    /// <summary>The namespaces to share: cgroup, ipc, net, pid, uts.</summary>
    public IReadOnlyList<string> Share { get; init; } = DefaultShare;
    /// <summary>Whether the control groups of its containers are made in the pod's.</summary>
    public bool ShareParent { get; init; } = true;
    /// <summary>What becomes of it when the last of its ordinary containers has ended.</summary>
    public PodExitPolicy ExitPolicy { get; init; }
    /// <summary>What its infra container gets: network, ports, names, mounts, security options, shared memory. Containers of the pod have its
    /// mounts and security options, too. Resource limits, control group parent and restart policy are the pod's.</summary>
    public ContainerSpec Container { get; init; } = new();
    /// <summary>The command line that asked for it, for inspect.</summary>
    public IReadOnlyList<string> CreateCommand { get; init; } = [];
}

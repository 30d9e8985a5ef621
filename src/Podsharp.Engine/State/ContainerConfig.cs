using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>What is decided about a container at its creation; only an update changes it (<see cref="ContainerRecord.Revision"/>).</summary>
internal sealed record ContainerConfig
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required ContainerSpec Spec { get; init; }
    public string ImageName { get; init; } = "";
    public string ImageId { get; init; } = "";
    public string ImageDigest { get; init; } = "";
    public ImageConfig ImageConfig { get; init; } = new();
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    public IReadOnlyList<string> Command { get; init; } = [];
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];
    public IReadOnlyList<NetworkAttachment> Networks { get; init; } = [];
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];
    public string RuntimeName { get; init; } = "";
    public string RuntimePath { get; init; } = "";
    public string LogDriver { get; init; } = "";
    public string LogPath { get; init; } = "";
    public long LogSizeMax { get; init; }

    /// <summary>Files of the log in all, where conmon sets aside what has reached the limit.</summary>
    public int LogFiles { get; init; }

    /// <summary>The tag of its lines in the journal.</summary>
    public string LogTag { get; init; } = "";

    /// <summary>Where systemd is told of the container's start; empty for nowhere.</summary>
    public string NotifySocket { get; init; } = "";

    /// <summary>Its health checks, after the image and the defaults.</summary>
    public ContainerHealthConfig Health { get; init; } = new();
    public int StopSignal { get; init; } = 15;
    public int StopTimeout { get; init; } = 10;
    public string CgroupPath { get; init; } = "";

    /// <summary>The slice that systemd makes its control groups in; empty where the engine and the runtime make them.</summary>
    public string CgroupSlice { get; init; } = "";

    /// <summary>The id of its pod; empty without one.</summary>
    public string PodId { get; init; } = "";

    /// <summary>The container that holds its pod's namespaces, perhaps itself; empty without one.</summary>
    public string InfraId { get; init; } = "";

    /// <summary>Its AppArmor profile; empty for none, null where that wasn't decided at its creation (by an earlier version).</summary>
    public string? AppArmorProfile { get; init; }

    /// <summary>The SELinux label of its processes; empty for none.</summary>
    public string ProcessLabel { get; init; } = "";

    /// <summary>The SELinux label of its files; empty for none.</summary>
    public string MountLabel { get; init; } = "";

    /// <summary>Its network namespace, never <see cref="NamespaceKind.Default"/>; a container target is its id.</summary>
    public NamespaceMode Network { get; init; } = new(NamespaceKind.None);

    /// <summary>Its user namespace: the host's (or this engine's own), its own (Private), one at a path, or another container's by its id.</summary>
    public NamespaceMode UserNamespace { get; init; } = new(NamespaceKind.Host);

    /// <summary>The users of that namespace; empty for the host's.</summary>
    public IReadOnlyList<IdMapping> UserIdMap { get; init; } = [];

    /// <summary>The groups of that namespace.</summary>
    public IReadOnlyList<IdMapping> GroupIdMap { get; init; } = [];

    /// <summary>Whom files belong to that are to belong to these in the container.</summary>
    public (uint User, uint Group) OnHost(uint user, uint group) => (IdMapping.ToOutside(UserIdMap, user) ?? IdMapping.Nobody, IdMapping.ToOutside(GroupIdMap, group) ?? IdMapping.Nobody);

    /// <summary>conmon's group as the engine makes it; null where conmon stays with its parent, or systemd makes it.</summary>
    public string? ConmonCgroup() => Spec.Cgroups switch
    {
        "enabled" when CgroupSlice.Length == 0 => CgroupPaths.Conmon,
        SplitCgroup.Name => SplitCgroup.Beside(CgroupPath),
        _ => null,
    };

    /// <summary>What the runtime is told of its control group; empty for none.</summary>
    public string RuntimeCgroup() => CgroupSlice.Length > 0 && CgroupPath.Length > 0 ? SystemdCgroups.ForRuntime(CgroupSlice, Id) : CgroupPath;

    /// <summary>The root file system directory that is used as it is; null where there is a layer to mount.</summary>
    public string? PlainRoot() => Spec.RootFsOverlay ? null : Spec.RootFs;

    /// <summary>The directory below its layer, in place of an image; null for none.</summary>
    public string? RootBelow() => Spec.RootFsOverlay ? Spec.RootFs : null;

    /// <summary>Whether it holds its pod's namespaces.</summary>
    public bool IsInfra() => InfraId == Id;

    /// <summary>Whether it has the network of its pod.</summary>
    public bool SharesPodNetwork() => InfraId.Length > 0 && Network.Kind == NamespaceKind.Container && Network.Target == InfraId;

    /// <summary>Whether the engine makes and connects the network namespace. One with nothing in it is the runtime's work.</summary>
    public bool OwnNetworkNamespace => Network.Kind is NamespaceKind.Private or NamespaceKind.Pasta or NamespaceKind.Slirp4netns;

    /// <summary>Whether it is connected to networks, by netavark.</summary>
    public bool HasNetworks() => Network.Kind == NamespaceKind.Private;
}

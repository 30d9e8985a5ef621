namespace Podsharp.Model;

/// <summary>What can be wrong with what an engine keeps.</summary>
public enum FindingKind
{
    /// <summary>A layer's files are not those that it was stored with.</summary>
    LayerContent,
    /// <summary>A layer's directory, or what it needs to be mounted, is missing.</summary>
    LayerFiles,
    /// <summary>A layer stands on one that isn't there.</summary>
    LayerParent,
    /// <summary>A layer that no image and no container uses.</summary>
    LayerUnreferenced,
    /// <summary>Files in the store that no record names.</summary>
    StoreLeftover,
    /// <summary>An image's manifest or configuration is missing or has another size.</summary>
    ImageData,
    /// <summary>An image's layer isn't there.</summary>
    ImageLayer,
    /// <summary>A container's layer isn't there.</summary>
    ContainerLayer,
    /// <summary>A container's image isn't there.</summary>
    ContainerImage,
    /// <summary>The state database is damaged.</summary>
    StateDatabase,
    /// <summary>A container of the state whose record another program took from the store.</summary>
    ContainerLost,
    /// <summary>A note in the state about something that is gone.</summary>
    StateReference,
    /// <summary>Something is mounted that no running container needs.</summary>
    LeakedMount,
    /// <summary>The store counts mounts that aren't there.</summary>
    MountCount,
    /// <summary>A network namespace that no running container needs.</summary>
    LeakedNamespace,
    /// <summary>An address that is kept for a container which isn't running or is gone.</summary>
    AddressLease,
    /// <summary>Firewall rules that forward ports to a container which isn't running or is gone.</summary>
    PortRules,
    /// <summary>A name in a network's DNS of a container which isn't running or is gone.</summary>
    NetworkName,
    /// <summary>The lock file of something that is gone.</summary>
    LockFile,
    /// <summary>Files of a run of a container that is gone.</summary>
    RunFiles,
    /// <summary>A copy of the executable that no container names.</summary>
    ExecutableCopy,
    /// <summary>A volume's removal or import that wasn't finished.</summary>
    VolumeLeftover,
}

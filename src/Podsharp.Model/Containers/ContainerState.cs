namespace Podsharp.Model;

/// <summary>Where a container is in its life.</summary>
public enum ContainerState
{
    /// <summary>The record can't be read or contradicts itself.</summary>
    Unknown,
    /// <summary>Defined; the OCI runtime knows nothing of it yet.</summary>
    Created,
    /// <summary>The OCI runtime has set it up; its process waits to be started.</summary>
    Initialized,
    /// <summary>Its process runs.</summary>
    Running,
    /// <summary>Its processes are frozen.</summary>
    Paused,
    /// <summary>A stop was asked for and has not finished.</summary>
    Stopping,
    /// <summary>Its process has ended; mounts or network may not be taken down yet.</summary>
    Stopped,
    /// <summary>Its process has ended and everything is taken down.</summary>
    Exited,
    /// <summary>It is being removed.</summary>
    Removing,
    /// <summary>Its storage was removed by another program (podman, buildah): it can only be removed here.</summary>
    Lost,
    /// <summary>It belongs to another engine (podman, buildah) that shares the store.</summary>
    External,
}

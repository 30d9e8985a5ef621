using Podsharp.Engine.Configuration;

namespace Podsharp.Engine.Podman;

/// <summary>What podman has on a host.</summary>
/// <param name="VolumeDirectory">Where its volumes are.</param>
/// <param name="SharedMemory">The size of a container's /dev/shm in bytes, unless one was asked for.</param>
internal sealed record PodmanHost(string VolumeDirectory, long SharedMemory)
{
    /// <summary>The name of podman's network for containers that ask for none.</summary>
    internal const string DefaultNetwork = "podman";

    /// <summary>podman beside this engine, in the same store.</summary>
    internal static PodmanHost Of(EngineParts parts) => new(
        parts.Conf.Engine.VolumePath ?? Path.Combine(parts.StorageConfiguration.GraphRoot, "volumes"),
        ByteSize.Parse(parts.Conf.Containers.ShmSize));
}

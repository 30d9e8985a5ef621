namespace Podsharp.Model;

/// <summary>A container's root file system, mounted on the host.</summary>
/// <param name="Id">The container's id.</param>
/// <param name="Name">The container's name.</param>
/// <param name="MountPoint">Where it is mounted.</param>
public sealed record ContainerRootMount(string Id, string Name, string MountPoint);

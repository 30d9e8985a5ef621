namespace Podsharp.Model;

/// <summary>A device of the host that a container has.</summary>
/// <param name="HostPath">Its path on the host.</param>
/// <param name="ContainerPath">Its path in the container.</param>
/// <param name="Permissions">What is allowed: of r, w and m.</param>
public sealed record ContainerDevice(string HostPath, string ContainerPath, string Permissions);

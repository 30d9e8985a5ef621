namespace Podsharp.Engine.Podman;

/// <summary>A container or volume in podman's database.</summary>
/// <param name="Id">A container's id; a volume's name.</param>
/// <param name="Name">The name.</param>
/// <param name="Config">Its configuration: podman's own JSON.</param>
internal sealed record PodmanRow(string Id, string Name, string Config);

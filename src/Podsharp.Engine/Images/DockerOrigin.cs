namespace Podsharp.Engine.Images;

/// <summary>Where an image comes from, as Docker's older form of a configuration tells it.</summary>
/// <param name="ContainerId">The container; empty for none.</param>
/// <param name="ContainerSection">What that had got.</param>
/// <param name="BaseName">The name of its image.</param>
/// <param name="BaseId">The id of its image; empty for none.</param>
internal sealed record DockerOrigin(string ContainerId, ImageConfigSection ContainerSection, string BaseName, string BaseId);

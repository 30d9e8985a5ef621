namespace Podsharp.Model;

/// <summary>A file that goes into an artifact.</summary>
/// <param name="Path">The full path on the engine's host.</param>
/// <param name="Name">The name that it gets in the artifact.</param>
public sealed record ArtifactFile(string Path, string Name);

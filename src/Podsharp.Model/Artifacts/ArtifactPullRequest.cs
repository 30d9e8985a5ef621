namespace Podsharp.Model;

/// <summary>An artifact to fetch from a registry.</summary>
public sealed record ArtifactPullRequest
{
    /// <summary>Its name there: NAME[:TAG] or NAME@DIGEST. It is kept under this name.</summary>
    public required string Name { get; init; }
    /// <summary>How to talk to the registry.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

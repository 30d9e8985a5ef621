namespace Podsharp.Model;

/// <summary>An artifact to send to a registry.</summary>
public sealed record ArtifactPushRequest
{
    /// <summary>The local artifact: its name, or the beginning of its digest.</summary>
    public required string Artifact { get; init; }
    /// <summary>The name at the registry; null for its own.</summary>
    public string? Destination { get; init; }
    /// <summary>How to talk to the registry.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

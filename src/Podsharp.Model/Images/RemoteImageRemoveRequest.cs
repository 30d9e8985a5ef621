namespace Podsharp.Model;

/// <summary>An image to remove from a registry.</summary>
public sealed record RemoteImageRemoveRequest
{
    /// <summary>Its name, <c>docker://</c> before it or not, with a tag or a digest.</summary>
    public required string Name { get; init; }
    /// <summary>Only looks: tells what would be removed.</summary>
    public bool DryRun { get; init; }
    /// <summary>How to talk to the registry.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

namespace Podsharp.Model;

/// <summary>Which artifacts about an image at a registry are looked for.</summary>
public sealed record ArtifactReferrerQuery
{
    /// <summary>The image's name at its registry, with tag or digest.</summary>
    public required string Subject { get; init; }
    /// <summary>Only those of this kind; null for all.</summary>
    public string? Type { get; init; }
    /// <summary>How to talk to the registry.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

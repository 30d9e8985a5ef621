namespace Podsharp.Model;

/// <summary>An image to fetch.</summary>
public sealed record ImagePullRequest
{
    /// <summary>The reference as the user wrote it; <c>docker://</c> may stand before it.</summary>
    public required string Reference { get; init; }
    /// <summary>When to fetch.</summary>
    public PullPolicy Policy { get; init; } = PullPolicy.Always;
    /// <summary>Which platform of an index; the host's when null.</summary>
    public ImagePlatform? Platform { get; init; }
    /// <summary>Fetches all tags of the repository; the reference has none then.</summary>
    public bool AllTags { get; init; }
    /// <summary>The short name for which somebody has chosen the reference: once the image is here, the choice is kept, and nobody is asked again.</summary>
    public string? ChosenFor { get; init; }
    /// <summary>How to talk to the registry.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

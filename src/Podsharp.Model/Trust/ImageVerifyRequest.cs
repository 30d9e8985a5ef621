namespace Podsharp.Model;

/// <summary>An image at a registry whose signatures are to be verified.</summary>
public sealed record ImageVerifyRequest
{
    /// <summary>Its name, <c>docker://</c> before it or not.</summary>
    public required string Image { get; init; }
    /// <summary>Which image of a list; the host's platform when null.</summary>
    public ImagePlatform? Platform { get; init; }
    /// <summary>How to talk to the registry, and by which policy.</summary>
    public RegistryOptions Registry { get; init; } = new();
}

namespace Podsharp.Model;

/// <summary>Which trust policy to read. What is null is the user's, else the host's.</summary>
public sealed record TrustPolicyRequest
{
    /// <summary>A policy.json.</summary>
    public string? PolicyFile { get; init; }
    /// <summary>A directory as registries.d.</summary>
    public string? RegistriesDirectory { get; init; }
}

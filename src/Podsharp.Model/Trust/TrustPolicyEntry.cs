namespace Podsharp.Model;

/// <summary>A requirement of the trust policy (containers-policy.json(5)).</summary>
public sealed record TrustPolicyEntry
{
    /// <summary>The transport: <c>docker</c> for registries; empty for the default.</summary>
    public string Transport { get; init; } = "";
    /// <summary>The scope: a registry, repository, name or path; empty for the rest of the transport, or the default.</summary>
    public string Scope { get; init; } = "";
    /// <summary>What is done with images of that scope.</summary>
    public TrustPolicyType Type { get; init; }
    /// <summary>The files with the keys that it names.</summary>
    public IReadOnlyList<string> KeyFiles { get; init; } = [];
    /// <summary>Whose GPG keys these are: addresses, else user names. Empty where gpg can't tell.</summary>
    public IReadOnlyList<string> KeyOwners { get; init; } = [];
    /// <summary>Where registries.d says that signatures of this scope are; null where it says nothing.</summary>
    public string? SignatureStore { get; init; }
    /// <summary>The policy's file.</summary>
    public string File { get; init; } = "";
}

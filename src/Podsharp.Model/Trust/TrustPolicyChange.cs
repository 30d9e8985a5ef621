namespace Podsharp.Model;

/// <summary>A change of the trust policy: the requirements of one scope.</summary>
public sealed record TrustPolicyChange
{
    /// <summary>A registry, repository or name; <c>default</c> for what no other scope covers.</summary>
    public required string Scope { get; init; }
    /// <summary>What is done with images of that scope.</summary>
    public TrustPolicyType Type { get; init; } = TrustPolicyType.SignedBy;
    /// <summary>Files with public keys; each must have signed.</summary>
    public IReadOnlyList<string> KeyFiles { get; init; } = [];
    /// <summary>The policy.json to change; the user's or the host's when null.</summary>
    public string? PolicyFile { get; init; }
}

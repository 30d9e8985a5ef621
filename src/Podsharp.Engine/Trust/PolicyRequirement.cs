namespace Podsharp.Engine.Trust;

/// <summary>What a policy asks of an image (containers-policy.json(5), "Policy requirements").</summary>
internal abstract record PolicyRequirement;

/// <summary><c>insecureAcceptAnything</c>.</summary>
internal sealed record AcceptAnything : PolicyRequirement;

/// <summary><c>reject</c>.</summary>
internal sealed record RejectAnything : PolicyRequirement;

/// <summary>A kind that the format knows and nobody can check: it accepts nothing.</summary>
/// <param name="What">The kind.</param>
internal sealed record UncheckableRequirement(string What) : PolicyRequirement;

/// <summary><c>signedBy</c>: a simple signature by one of these GPG keys.</summary>
/// <param name="Keys">The public keys.</param>
/// <param name="Identity">Which names a signature may bear.</param>
internal sealed record SignedBy(KeyMaterial Keys, SignedIdentity Identity) : PolicyRequirement;

/// <summary><c>sigstoreSigned</c>: a sigstore signature. One of keys, Fulcio and PKI is there.</summary>
/// <param name="Identity">Which names a signature may bear.</param>
internal sealed record SigstoreSigned(SignedIdentity Identity) : PolicyRequirement
{
    /// <summary>Public keys.</summary>
    public KeyMaterial? Keys { get; init; }

    /// <summary>An authority that gives out certificates to people.</summary>
    public FulcioTrust? Fulcio { get; init; }

    /// <summary>One's own authorities.</summary>
    public PkiTrust? Pki { get; init; }

    /// <summary>Public keys of logs, one of which must have recorded the signature.</summary>
    public KeyMaterial? Rekor { get; init; }
}

/// <summary>A Fulcio authority, and for whom a certificate must be.</summary>
/// <param name="Authorities">Its certificates.</param>
/// <param name="Issuer">Who has looked at the person.</param>
/// <param name="Email">The person.</param>
internal sealed record FulcioTrust(KeyMaterial Authorities, string Issuer, string Email);

/// <summary>Authorities of one's own, and for whom a certificate must be.</summary>
/// <param name="Roots">The roots.</param>
/// <param name="Intermediates">Certificates between them and the signer's, or null.</param>
/// <param name="Email">The signer's address; null for any.</param>
/// <param name="HostName">The signer's host; null for any. One of the two is there.</param>
internal sealed record PkiTrust(KeyMaterial Roots, KeyMaterial? Intermediates, string? Email, string? HostName);

namespace Podsharp.Model;

/// <summary>What a trust policy does with images.</summary>
public enum TrustPolicyType
{
    /// <summary>They are accepted.</summary>
    Accept,
    /// <summary>They are refused.</summary>
    Reject,
    /// <summary>They must be signed with a GPG key.</summary>
    SignedBy,
    /// <summary>They must bear a sigstore signature.</summary>
    SigstoreSigned,
    /// <summary>They must meet what nobody can check: they are refused.</summary>
    Unknown,
}

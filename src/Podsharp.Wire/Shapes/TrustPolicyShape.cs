using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A requirement of the trust policy: <c>image trust show --json</c> and its table.</summary>
public static class TrustPolicyShape
{
    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(TrustPolicyEntry entry)
    {
        var isDefault = entry.Transport.Length == 0;
        var shape = new WireStruct("Policy").Add("transport", isDefault ? "all" : entry.Transport == "docker" ? "repository" : entry.Transport);
        // podman leaves out what is empty.
        if (isDefault || entry.Scope.Length > 0)
            shape = shape.Add("name", isDefault ? "* (default)" : entry.Scope).Add("repo_name", isDefault ? "default" : entry.Scope);
        if (entry.SignatureStore is { Length: > 0 } store)
            shape = shape.Add("sigstore", store);
        shape = shape.Add("type", Type(entry.Type));
        return Owners(entry) is { Length: > 0 } owners ? shape.Add("gpg_id", owners) : shape;
    }

    /// <summary>A row of the table.</summary>
    public static string Row(TrustPolicyEntry entry) => string.Join('\t', entry.Transport.Length == 0 ? "all" : entry.Transport == "docker" ? "repository" : entry.Transport,
        entry.Transport.Length == 0 ? "default" : entry.Scope, Type(entry.Type), Owners(entry), entry.SignatureStore ?? "");

    private static string Owners(TrustPolicyEntry entry) => entry.Type == TrustPolicyType.SigstoreSigned ? "N/A" : string.Join(", ", entry.KeyOwners);

    private static string Type(TrustPolicyType type) => type switch
    {
        TrustPolicyType.Accept => "accept",
        TrustPolicyType.Reject => "reject",
        TrustPolicyType.SignedBy => "signed",
        TrustPolicyType.SigstoreSigned => "sigstoreSigned",
        _ => "unknown",
    };
}

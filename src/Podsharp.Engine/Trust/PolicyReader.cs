using System.Text.Json;
using Podsharp.Engine.Images;

namespace Podsharp.Engine.Trust;

/// <summary>Reads a policy (containers-policy.json(5)). What isn't known is an error: it could have been a restriction.</summary>
internal static class PolicyReader
{
    private static readonly string[] s_pathTransports = ["dir", "oci", "oci-archive"];
    private static readonly string[] s_namelessTransports = ["docker-archive", "tarball"];

    /// <summary>The requirements by transport and scope, and those for everything else.</summary>
    /// <exception cref="JsonException">It is no policy, and why.</exception>
    internal static (IReadOnlyList<PolicyRequirement> Default, Dictionary<string, Dictionary<string, IReadOnlyList<PolicyRequirement>>> Transports) Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var members = StrictJson.Members(document.RootElement, "the policy", ["default", "transports"]);
        var transports = new Dictionary<string, Dictionary<string, IReadOnlyList<PolicyRequirement>>>(StringComparer.Ordinal);
        if (members.TryGetValue("transports", out var all) && all.ValueKind != JsonValueKind.Null)
        {
            foreach (var (transport, scopes) in StrictJson.Members(all, "\"transports\"", null))
                transports[transport] = StrictJson.Members(scopes, $"the transport \"{transport}\"", null).ToDictionary(
                    scope => CheckScope(transport, scope.Key), scope => Requirements(scope.Value, $"the scope \"{scope.Key}\" of {transport}"), StringComparer.Ordinal);
        }
        return members.TryGetValue("default", out var fallback) && fallback.ValueKind != JsonValueKind.Null
            ? (Requirements(fallback, "\"default\""), transports) : throw new JsonException("it has no \"default\"");
    }

    private static string CheckScope(string transport, string scope) =>
        scope.Length > 0 && s_namelessTransports.Contains(transport)
            ? throw new JsonException($"the transport \"{transport}\" has no scopes but \"\"")
        : scope.Length > 0 && s_pathTransports.Contains(transport) && (scope == "/" || Path.GetFullPath(scope, "/") != scope || scope.EndsWith('/'))
            ? throw new JsonException($"the scope \"{scope}\" of {transport} is not an absolute path without detours")
        : scope;

    private static IReadOnlyList<PolicyRequirement> Requirements(JsonElement list, string where) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 ? [.. list.EnumerateArray().Select(item => Requirement(item, where))]
        : throw new JsonException($"{where} has no list of requirements");

    private static PolicyRequirement Requirement(JsonElement item, string where)
    {
        var kind = StrictJson.Members(item, $"a requirement of {where}", null).Text("type");
        var what = $"the requirement {kind} of {where}";
        Dictionary<string, JsonElement> Of(params string[] names) => StrictJson.Members(item, what, ["type", .. names]);
        switch (kind)
        {
            case "insecureAcceptAnything":
                _ = Of();
                return new AcceptAnything();
            case "reject":
                _ = Of();
                return new RejectAnything();
            case "signedBy":
                return SignedBy(Of("keyType", "keyPath", "keyPaths", "keyData", "signedIdentity"), what);
            case "signedBaseLayer":
                _ = Identity(Of("baseLayerIdentity"), "baseLayerIdentity");
                return new UncheckableRequirement(kind);
            case "sigstoreSigned":
                return Sigstore(Of("keyPath", "keyPaths", "keyData", "keyDatas", "fulcio", "pki", "rekorPublicKeyPath", "rekorPublicKeyPaths",
                    "rekorPublicKeyData", "rekorPublicKeyDatas", "signedIdentity"), what);
            default:
                throw new JsonException(kind is null ? $"a requirement of {where} has no type" : $"{where} has a requirement of the unknown type \"{kind}\"");
        }
    }

    private static PolicyRequirement SignedBy(Dictionary<string, JsonElement> members, string what)
    {
        var keys = KeyMaterial.Of(members, "key") ?? throw new JsonException($"{what} needs one of keyPath, keyPaths and keyData");
        var identity = Identity(members, "signedIdentity");
        return members.Text("keyType") switch
        {
            "GPGKeys" => new SignedBy(keys, identity),
            "signedByGPGKeys" or "X509Certificates" or "signedByX509CAs" => new UncheckableRequirement($"signedBy with {members.Text("keyType")}"),
            _ => throw new JsonException($"{what} has no keyType that is known; write GPGKeys"),
        };
    }

    private static SigstoreSigned Sigstore(Dictionary<string, JsonElement> members, string what)
    {
        var requirement = new SigstoreSigned(Identity(members, "signedIdentity"))
        {
            Keys = KeyMaterial.Of(members, "key"),
            Fulcio = members.TryGetValue("fulcio", out var fulcio) ? Fulcio(fulcio, what) : null,
            Pki = members.TryGetValue("pki", out var pki) ? Pki(pki, what) : null,
            Rekor = KeyMaterial.Of(members, "rekorPublicKey"),
        };
        return requirement switch
        {
            { Fulcio: not null, Rekor: null } => throw new JsonException($"{what} has fulcio, which needs a rekorPublicKeyPath or another of its kind"),
            { Pki: not null, Rekor: not null } => throw new JsonException($"{what} has pki, with which no log is asked: leave rekorPublicKeyPath and its kind out"),
            { Keys: not null, Fulcio: null, Pki: null } or { Keys: null, Fulcio: not null, Pki: null } or { Keys: null, Fulcio: null, Pki: not null } => requirement,
            _ => throw new JsonException($"{what} needs exactly one of keyPath, keyPaths, keyData, keyDatas, fulcio and pki"),
        };
    }

    private static FulcioTrust Fulcio(JsonElement value, string what)
    {
        var members = StrictJson.Members(value, $"fulcio of {what}", ["caPath", "caData", "oidcIssuer", "subjectEmail"]);
        return new FulcioTrust(
            KeyMaterial.Of(members, "ca", lists: false) ?? throw new JsonException($"fulcio of {what} needs caPath or caData"),
            members.Text("oidcIssuer") ?? throw new JsonException($"fulcio of {what} needs oidcIssuer"),
            members.Text("subjectEmail") ?? throw new JsonException($"fulcio of {what} needs subjectEmail"));
    }

    private static PkiTrust Pki(JsonElement value, string what)
    {
        var members = StrictJson.Members(value, $"pki of {what}",
            ["caRootsPath", "caRootsData", "caIntermediatesPath", "caIntermediatesData", "subjectEmail", "subjectHostname"]);
        var (email, host) = (members.Text("subjectEmail"), members.Text("subjectHostname"));
        return email is null && host is null ? throw new JsonException($"pki of {what} needs subjectEmail or subjectHostname")
            : new PkiTrust(KeyMaterial.Of(members, "caRoots", lists: false) ?? throw new JsonException($"pki of {what} needs caRootsPath or caRootsData"),
                KeyMaterial.Of(members, "caIntermediates", lists: false), email, host);
    }

    private static SignedIdentity Identity(Dictionary<string, JsonElement> members, string name)
    {
        if (!members.TryGetValue(name, out var value))
            return new SignedIdentity(SignedIdentityKind.MatchRepositoryDigestOrExact);
        Dictionary<string, JsonElement> Of(params string[] names) => StrictJson.Exactly(value, $"\"{name}\"", ["type", .. names]);
        var kind = StrictJson.Members(value, $"\"{name}\"", null).Text("type");
        switch (kind)
        {
            case "matchExact" or "matchRepoDigestOrExact" or "matchRepository":
                _ = Of();
                return new SignedIdentity(kind switch
                {
                    "matchExact" => SignedIdentityKind.MatchExact,
                    "matchRepository" => SignedIdentityKind.MatchRepository,
                    _ => SignedIdentityKind.MatchRepositoryDigestOrExact,
                });
            case "exactReference":
                return new SignedIdentity(SignedIdentityKind.ExactReference, Name(Of("dockerReference"), "dockerReference", needsTag: true));
            case "exactRepository":
                return new SignedIdentity(SignedIdentityKind.ExactRepository, Name(Of("dockerRepository"), "dockerRepository", needsTag: false));
            case "remapIdentity":
                var remap = Of("prefix", "signedPrefix");
                return new SignedIdentity(SignedIdentityKind.RemapIdentity, Prefix(remap, "prefix"), Prefix(remap, "signedPrefix"));
            default:
                throw new JsonException($"\"{name}\" has {(kind is null ? "no type" : $"the unknown type \"{kind}\"")}");
        }
    }

    private static string Name(Dictionary<string, JsonElement> members, string name, bool needsTag)
    {
        var text = members.Text(name) ?? "";
        return ImageReference.TryParse(text, out var reference, out _) && (!needsTag || (reference.Tag ?? reference.Digest) is not null) ? text
            : throw new JsonException($"\"{name}\" is not a name of an image{(needsTag ? " with a tag or a digest" : "")}: \"{text}\"");
    }

    // A host alone, or a host with a path.
    private static string Prefix(Dictionary<string, JsonElement> members, string name)
    {
        var text = members.Text(name) ?? "";
        return (text.Contains('/') ? !ImageReference.IsShort(text) && ImageReference.TryParse(text, out var reference, out _) && reference is { Tag: null, Digest: null }
            : text.Length > 0 && ImageReference.TryParse(text + "/x", out _, out _)) ? text
            : throw new JsonException($"\"{name}\" is neither a host nor a repository: \"{text}\"");
    }
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>Shows and changes the trust policy.</summary>
internal sealed class TrustPolicyStore(ConfigurationEnvironment environment)
{
    private const uint Readable = 0x1A4; // 0644
    private const uint OwnerOnlyDirectory = 0x1C0; // 0700
    private const string Registries = "docker";

    /// <summary>Reads it.</summary>
    /// <exception cref="ContainerEngineException">ConfigurationInvalid.</exception>
    internal TrustPolicy Get(TrustPolicyRequest request, CancellationToken cancellationToken)
    {
        if ((request.PolicyFile ?? SignaturePolicy.FileOf(environment)) is not { } file)
            return new TrustPolicy("", "", [new TrustPolicyEntry { Type = TrustPolicyType.Accept }]);
        var policy = SignaturePolicy.Load(environment, file)!;
        var places = RegistriesDirectory.Load(environment, request.RegistriesDirectory).Scopes.ToDictionary(place => place.Key, place => place.Value);
        var entries = policy.Default.Select(requirement => Entry(requirement, "", "", file, null, cancellationToken)).ToList();
        foreach (var (transport, scopes) in policy.Transports.OrderBy(transport => transport.Key, StringComparer.Ordinal))
        {
            foreach (var (scope, requirements) in scopes.OrderBy(scope => scope.Key, StringComparer.Ordinal))
            {
                var store = transport == Registries ? StoreOf(scope, places) : null;
                entries.AddRange(requirements.Select(requirement => Entry(requirement, transport, scope, file, store, cancellationToken)));
            }
        }
        return new TrustPolicy(file, File.ReadAllText(file), entries);
    }

    /// <summary>Sets the requirements of a scope.</summary>
    /// <returns>The policy's entries for it.</returns>
    /// <exception cref="ContainerEngineException">InvalidArgument; ConfigurationInvalid: what is there is malformed; PermissionDenied.</exception>
    internal IReadOnlyList<TrustPolicyEntry> Set(TrustPolicyChange change, CancellationToken cancellationToken)
    {
        var requirements = Requirements(change);
        var file = change.PolicyFile ?? SignaturePolicy.FileOf(environment);
        // An ordinary user can't change the host's, and gets one of their own that says the same and this.
        var target = change.PolicyFile ?? (environment.IsRootless ? SignaturePolicy.UserFile(environment) : file ?? SignaturePolicy.SystemFile(environment));
        try
        {
            Files.MakeDirectories(Path.GetDirectoryName(target)!, OwnerOnlyDirectory);
            using var held = FileLock.Acquire(target + ".lock", LockMode.Exclusive, cancellationToken, Readable);
            var text = File.Exists(target) ? File.ReadAllText(target) : file is not null && File.Exists(file) ? File.ReadAllText(file) : null;
            var policy = Parse(text, target);
            if (change.Scope == "default")
                policy["default"] = requirements;
            else
                Object(Object(policy, "transports"), Registries)[change.Scope] = requirements;
            var bytes = Write(policy);
            // What is written must be what is read.
            _ = PolicyReader.Read(bytes);
            Files.Replace(target, bytes, Readable, durable: true);
        }
        catch (Exception error) when (error is LinuxException or IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "PolicyNotWritten", $"the signature policy {target} can't be written: {error.Message}", target, "change it as its owner", error);
        }
        catch (JsonException error)
        {
            throw EngineErrors.InvalidArgument($"the signature policy {target} can't be changed like this: {error.Message}", change.Scope);
        }
        return [.. Get(new TrustPolicyRequest { PolicyFile = target }, cancellationToken).Entries
            .Where(entry => change.Scope == "default" ? entry.Transport.Length == 0 : entry.Transport == Registries && entry.Scope == change.Scope)];
    }

    private static JsonArray Requirements(TrustPolicyChange change)
    {
        var needsKeys = change.Type is TrustPolicyType.SignedBy or TrustPolicyType.SigstoreSigned;
        if (change.Scope.Length == 0)
            throw EngineErrors.InvalidArgument("no registry is named", null, "name a registry, a repository or an image, or default");
        if (needsKeys != change.KeyFiles.Count > 0)
            throw EngineErrors.InvalidArgument(needsKeys ? $"at least one public key must be defined for type '{Word(change.Type)}'" : $"{change.KeyFiles.Count} public keys unexpectedly provided for type '{Word(change.Type)}'",
                change.Scope, needsKeys ? "name its file" : "leave it out");
        if (change.KeyFiles.FirstOrDefault(file => !File.Exists(file)) is { } missing)
            throw EngineErrors.InvalidArgument($"there is no key file {missing}", missing, "with it the policy would accept nothing");
        JsonObject Requirement(string? key)
        {
            var requirement = new JsonObject { ["type"] = Word(change.Type) };
            if (change.Type == TrustPolicyType.SignedBy)
                requirement["keyType"] = "GPGKeys";
            if (key is not null)
                requirement["keyPath"] = key;
            return requirement;
        }
        return new JsonArray(needsKeys ? [.. change.KeyFiles.Select(file => (JsonNode)Requirement(file))] : [Requirement(null)]);
    }

    private static string Word(TrustPolicyType type) => type switch
    {
        TrustPolicyType.Accept => "insecureAcceptAnything",
        TrustPolicyType.Reject => "reject",
        TrustPolicyType.SignedBy => "signedBy",
        TrustPolicyType.SigstoreSigned => "sigstoreSigned",
        _ => throw EngineErrors.InvalidArgument("no such kind can be set", type.ToString()),
    };

    // Where there is no policy everything is accepted; a new one says so.
    private static JsonObject Parse(string? text, string file)
    {
        var bytes = text is null ? """{"default":[{"type":"insecureAcceptAnything"}]}"""u8.ToArray() : Encoding.UTF8.GetBytes(text);
        try
        {
            _ = PolicyReader.Read(bytes);
            return (JsonObject)JsonNode.Parse(bytes)!;
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid", $"the signature policy {file} is not valid: {error.Message}", file, "correct it first", error);
        }
    }

    private static JsonObject Object(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject there)
            return there;
        var made = new JsonObject();
        parent[name] = made;
        return made;
    }

    private static byte[] Write(JsonObject policy)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            policy.WriteTo(json);
        return stream.ToArray();
    }

    // podman shows what the narrowest scope says, not the default.
    private static string? StoreOf(string scope, Dictionary<string, SignaturePlaces> places)
    {
        for (var at = scope; at.Length > 0; at = at.LastIndexOf('/') is > 0 and var slash ? at[..slash] : "")
        {
            if (places.TryGetValue(at, out var found) && found.Lookaside is { } store)
                return store;
        }
        return places.GetValueOrDefault("")?.Lookaside;
    }

    private TrustPolicyEntry Entry(PolicyRequirement requirement, string transport, string scope, string file, string? store, CancellationToken cancellationToken)
    {
        var entry = new TrustPolicyEntry { Transport = transport, Scope = scope, File = file, SignatureStore = store };
        return requirement switch
        {
            AcceptAnything => entry with { Type = TrustPolicyType.Accept },
            RejectAnything => entry with { Type = TrustPolicyType.Reject },
            SignedBy signed => entry with { Type = TrustPolicyType.SignedBy, KeyFiles = signed.Keys.Paths, KeyOwners = Owners(signed.Keys, cancellationToken) },
            SigstoreSigned sigstore => entry with { Type = TrustPolicyType.SigstoreSigned, KeyFiles = sigstore.Keys?.Paths ?? [] },
            _ => entry with { Type = TrustPolicyType.Unknown },
        };
    }

    private IReadOnlyList<string> Owners(KeyMaterial keys, CancellationToken cancellationToken)
    {
        try
        {
            return [.. keys.Read().SelectMany(key => GpgKeyring.Owners(key, environment, cancellationToken))];
        }
        catch (ContainerEngineException)
        {
            // A file that is missing, or no gpg: the entry is shown all the same.
            return [];
        }
    }
}

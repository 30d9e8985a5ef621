using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>A key ring with just the keys of a policy, for as long as signatures are checked with it: what the user's own ring says counts
/// for nothing.</summary>
internal sealed class GpgKeyring : IDisposable
{
    private readonly string _home;
    private readonly ConfigurationEnvironment _environment;
    private readonly HashSet<string> _fingerprints = new(StringComparer.Ordinal);

    private GpgKeyring(string home, ConfigurationEnvironment environment)
    {
        _home = home;
        _environment = environment;
    }

    /// <summary>Makes a ring of public keys, armoured or not.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent: there is no gpg.</exception>
    internal static GpgKeyring Open(IReadOnlyList<byte[]> keys, ConfigurationEnvironment environment, CancellationToken cancellationToken)
    {
        var ring = new GpgKeyring(Directory.CreateTempSubdirectory("podsharp-keyring-").FullName, environment);
        try
        {
            for (var i = 0; i < keys.Count; i++)
                ring.Import($"{ring._home}/key-{i}", keys[i], cancellationToken);
            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <summary>Verifies a signed message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="content">What is signed; empty where the signature is not good.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null for a good signature by one of the keys; else why it is none.</returns>
    internal string? Verify(byte[] message, out byte[] content, CancellationToken cancellationToken)
    {
        content = [];
        var (signed, plain) = ($"{_home}/message", $"{_home}/content");
        File.WriteAllBytes(signed, message);
        File.Delete(plain);
        var (code, status, _) = Gpg(["--output", plain, "--decrypt", signed], cancellationToken);
        if (Refusal(status) is { } refusal)
            return refusal;
        if (code is not (null or 0) || !File.Exists(plain))
            return "it is not a message signed with OpenPGP";
        content = File.ReadAllBytes(plain);
        return null;
    }

    /// <summary>Whose a public key is: their addresses, else their names.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent: there is no gpg.</exception>
    internal static IReadOnlyList<string> Owners(byte[] key, ConfigurationEnvironment environment, CancellationToken cancellationToken)
    {
        using var ring = new GpgKeyring(Directory.CreateTempSubdirectory("podsharp-keyring-").FullName, environment);
        ring.Import($"{ring._home}/key", key, cancellationToken);
        return ring.Listed(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_home, recursive: true);

    // The user ids are the tenth field of the lines "uid" (GnuPG, doc/DETAILS).
    private List<string> Listed(CancellationToken cancellationToken)
    {
        var owners = new List<string>();
        foreach (var line in GpgProgram.List(_home, _environment, cancellationToken))
        {
            if (line.Split(':') is ["uid", _, _, _, _, _, _, _, _, var user, ..])
                owners.Add(user.LastIndexOf('<') is >= 0 and var start && user.EndsWith('>') ? user[(start + 1)..^1] : user);
        }
        return owners;
    }

    private void Import(string file, byte[] key, CancellationToken cancellationToken)
    {
        File.WriteAllBytes(file, key);
        var (_, status, _) = Gpg(["--import", file], cancellationToken);
        var imported = status.Where(line => line is ["IMPORT_OK", _, _, ..]).Select(line => line[2]).ToList();
        if (imported.Count == 0)
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid", "a key of the signature policy is no OpenPGP public key", null,
                "export it with gpg --export");
        _fingerprints.UnionWith(imported);
    }

    // One message, one signature, made by one of the keys, and nothing said against it. GOODSIG alone would also be said of one of several.
    private string? Refusal(IReadOnlyList<string[]> status)
    {
        string? Key(string word) => status.FirstOrDefault(line => line[0] == word) is { Length: > 1 } line ? line[1] : null;
        if (Key("EXPKEYSIG") is { } expired)
            return $"the key {expired} has expired";
        if (Key("REVKEYSIG") is { } revoked)
            return $"the key {revoked} has been revoked";
        if (Key("EXPSIG") is not null)
            return "the signature has expired";
        if (Key("BADSIG") is not null)
            return "it is damaged or was tampered with";
        if (Key("NO_PUBKEY") is { } foreign)
            return $"it was made with the key {foreign}, which the policy does not name";
        var valid = status.Where(line => line[0] == "VALIDSIG").ToList();
        if (status.FirstOrDefault(line => line[0] == "ERRSIG") is { } error)
            return $"it can't be checked ({string.Join(' ', error)})";
        if (valid.Count == 0)
            return "it is not a message signed with OpenPGP";
        if (valid.Count > 1 || status.Count(line => line[0] == "GOODSIG") != 1 || status.Count(line => line[0] == "NEWSIG") != 1 || status.Count(line => line[0] == "PLAINTEXT") != 1)
            return "it has not exactly one signature over one text";
        var primary = valid[0] is { Length: > 10 } line ? line[10] : valid[0][1];
        return _fingerprints.Contains(primary) ? null : $"it was made with the key {primary}, which the policy does not name";
    }

    private (int? ExitCode, IReadOnlyList<string[]> Status, string Error) Gpg(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        GpgProgram.Run(["--homedir", _home, "--no-options", "--no-autostart", "--no-auto-key-locate", "--no-auto-key-retrieve", "--trust-model", "always", .. arguments],
            _environment, null, cancellationToken);
}

using System.Security.Cryptography;
using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Trust.Encryption;

/// <summary>The key files that people name for encrypted layers.</summary>
internal static class KeyFiles
{
    private const string PrivateLabel = "PRIVATE KEY-----";
    private const string Pkcs8Label = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

    /// <summary>Reads public keys.</summary>
    /// <param name="names"><c>jwe:FILE</c>, as containers-ocicrypt has it.</param>
    /// <exception cref="ContainerEngineException">EncryptionKeyUnusable: a file is no public key. Unsupported: another kind of key.</exception>
    internal static IReadOnlyList<RSA> ReadPublic(IReadOnlyList<string> names) => ReadAll(names, ReadPublic);

    /// <summary>Reads private keys.</summary>
    /// <exception cref="ContainerEngineException">EncryptionKeyUnusable: a file is no private key, or its passphrase is wrong.</exception>
    internal static IReadOnlyList<RSA> ReadPrivate(IReadOnlyList<DecryptionKey> keys) => ReadAll(keys, ReadPrivate);

    private static List<RSA> ReadAll<T>(IReadOnlyList<T> names, Func<T, RSA> read) where T : class
    {
        var keys = new List<RSA>();
        try
        {
            foreach (var name in names)
                keys.Add(read(name));
            return keys;
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }
    }

    private static RSA ReadPublic(string name)
    {
        var (kind, file) = name.Split(':', 2) is [var before, var behind] ? (before, behind) : ("", name);
        if (kind != "jwe")
            throw kind is "pgp" or "pkcs7" or "pkcs11" or "provider" ? EngineErrors.Unsupported($"layers can't be encrypted for keys of the kind {kind}", name, "use an RSA key: jwe:FILE")
                : EngineErrors.InvalidArgument($"the encryption key \"{name}\" has no kind", name, "write jwe:FILE");
        return Import(file, Read(file), (rsa, pem) =>
        {
            if (pem.Contains(PrivateLabel, StringComparison.Ordinal))
                throw new CryptographicException("it is a private key");
            rsa.ImportFromPem(pem);
        }, "is not an RSA public key in PEM");
    }

    private static RSA ReadPrivate(DecryptionKey key)
    {
        var (passphrase, pem) = (key.Passphrase ?? "", Read(key.File));
        var isLegacy = LegacyPem.IsEncrypted(pem);
        var isEncrypted = isLegacy || pem.Contains(Pkcs8Label, StringComparison.Ordinal);
        if (isEncrypted && key.Passphrase is null)
            throw Unusable(key.File, "needs a passphrase", null);
        return Import(key.File, pem, (rsa, text) =>
        {
            if (!text.Contains(PrivateLabel, StringComparison.Ordinal))
                throw new CryptographicException("it is no private key");
            if (isLegacy)
                LegacyPem.Import(rsa, text, Encoding.UTF8.GetBytes(passphrase));
            else if (isEncrypted)
                rsa.ImportFromEncryptedPem(text, passphrase);
            else
                rsa.ImportFromPem(text);
        }, isEncrypted ? "can't be opened by this passphrase" : "is not an RSA private key in PEM");
    }

    // Once: it may be a pipe.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unusable(file, $"can't be read: {error.Message}", error);
        }
    }

    private static RSA Import(string file, string text, Action<RSA, string> import, string what)
    {
        var rsa = RSA.Create();
        try
        {
            import(rsa, text);
            return rsa;
        }
        catch (Exception error)
        {
            rsa.Dispose();
            // What the libraries say may tell of the key.
            if (error is CryptographicException or ArgumentException or FormatException)
                throw Unusable(file, what, null);
            throw;
        }
    }

    private static ContainerEngineException Unusable(string file, string why, Exception? cause) => new(ErrorKind.InvalidArgument, "EncryptionKeyUnusable",
        $"the key file {file} {why}", file, "name an RSA key that openssl has made, with its passphrase", cause);
}

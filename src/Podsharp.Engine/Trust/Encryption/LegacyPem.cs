using System.Security.Cryptography;

namespace Podsharp.Engine.Trust.Encryption;

/// <summary>Private keys in the encrypted form that OpenSSL had before PKCS #8 (RFC 1421's headers, a key of one round of MD5): the only one with a passphrase that
/// podman and skopeo open, and none of .NET's.</summary>
internal static class LegacyPem
{
    private const string Begin = "-----BEGIN RSA PRIVATE KEY-----";
    private const string End = "-----END RSA PRIVATE KEY-----";
    private const string Mark = "Proc-Type: 4,ENCRYPTED";
    private const string Cipher = "DEK-Info:";
    private const int SaltLength = 8;

    /// <summary>Whether a text is such a key.</summary>
    internal static bool IsEncrypted(string pem) => pem.Contains(Mark, StringComparison.Ordinal);

    /// <summary>Imports it.</summary>
    /// <exception cref="CryptographicException">It is none, or the passphrase is wrong.</exception>
    /// <exception cref="FormatException">It isn't well-formed.</exception>
    internal static void Import(RSA rsa, string pem, byte[] passphrase)
    {
        var (start, end) = (pem.IndexOf(Begin, StringComparison.Ordinal), pem.IndexOf(End, StringComparison.Ordinal));
        if (start < 0 || end < start)
            throw new CryptographicException("it is no RSA key");
        var lines = pem[(start + Begin.Length)..end].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var info = lines.FirstOrDefault(line => line.StartsWith(Cipher, StringComparison.Ordinal))?[Cipher.Length..].Trim().Split(',')
            ?? throw new CryptographicException("its cipher isn't told");
        var content = Convert.FromBase64String(string.Concat(lines.Where(line => !line.Contains(':', StringComparison.Ordinal))));
        using var cipher = Open(info[0]);
        cipher.IV = Convert.FromHexString(info[^1]);
        cipher.Key = Derive(passphrase, cipher.IV.AsSpan(0, SaltLength), cipher.KeySize / 8);
        var plain = cipher.DecryptCbc(content, cipher.IV);
        try
        {
            rsa.ImportRSAPrivateKey(plain, out _);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static SymmetricAlgorithm Open(string name)
    {
        var aes = Aes.Create();
        aes.KeySize = name switch
        {
            "AES-128-CBC" => 128,
            "AES-192-CBC" => 192,
            "AES-256-CBC" => 256,
            _ => throw new CryptographicException($"its cipher {name} is not known"),
        };
        return aes;
    }

    // EVP_BytesToKey with one round, as PEM files had it. Weak, but not ours to choose.
    private static byte[] Derive(byte[] passphrase, ReadOnlySpan<byte> salt, int length)
    {
        var key = new List<byte>();
        byte[] last = [];
        while (key.Count < length)
            key.AddRange(last = MD5.HashData([.. last, .. passphrase, .. salt]));
        return [.. key[..length]];
    }
}

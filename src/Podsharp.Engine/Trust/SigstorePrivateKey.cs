using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>A private key in the files of cosign and skopeo: PKCS #8 in a secretbox, whose key is made of a passphrase by scrypt.</summary>
internal sealed class SigstorePrivateKey : IDisposable
{
    private const string EcOid = "1.2.840.10045.2.1";
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string Ed25519Oid = "1.3.101.112";
    private const int KeyLength = 32;
    private const int LargestCost = 1 << 20;
    private const int LargestBlock = 32;

    private readonly string _algorithm;
    private readonly byte[] _pkcs8;

    private SigstorePrivateKey(byte[] pkcs8)
    {
        _pkcs8 = pkcs8;
        var sequence = new AsnReader(pkcs8, AsnEncodingRules.DER).ReadSequence();
        sequence.ReadInteger();
        _algorithm = sequence.ReadSequence().ReadObjectIdentifier();
        if (_algorithm is not (EcOid or RsaOid or Ed25519Oid))
            throw new CryptographicException($"keys of the kind {_algorithm} are not supported");
    }

    /// <summary>Reads a key.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passphrase">Its passphrase; empty for none.</param>
    /// <exception cref="ContainerEngineException">SigningKeyUnusable: it can't be read, is none, or the passphrase is wrong.</exception>
    internal static SigstorePrivateKey Open(string path, string passphrase)
    {
        try
        {
            var (label, content) = Pem.Decode(File.ReadAllBytes(path));
            if (label is not ("ENCRYPTED SIGSTORE PRIVATE KEY" or "ENCRYPTED COSIGN PRIVATE KEY"))
                throw Unusable(path, $"it is a \"{label}\", not a key that cosign or skopeo made", null);
            return new SigstorePrivateKey(Decrypt(content, passphrase) ?? throw Unusable(path, "the passphrase is wrong", null));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or AsnContentException or JsonException or FormatException)
        {
            throw Unusable(path, error.Message, error);
        }
    }

    /// <summary>Signs.</summary>
    internal byte[] Sign(byte[] content)
    {
        switch (_algorithm)
        {
            case EcOid:
                using (var ec = ECDsa.Create())
                {
                    ec.ImportPkcs8PrivateKey(_pkcs8, out _);
                    return ec.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
                }
            case RsaOid:
                using (var rsa = RSA.Create())
                {
                    rsa.ImportPkcs8PrivateKey(_pkcs8, out _);
                    return rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }
            default:
                // RFC 8410: an octet string inside the octet string.
                var sequence = new AsnReader(_pkcs8, AsnEncodingRules.DER).ReadSequence();
                sequence.ReadInteger();
                sequence.ReadSequence();
                var seed = new AsnReader(sequence.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
                var signer = new Ed25519Signer();
                signer.Init(true, new Ed25519PrivateKeyParameters(seed, 0));
                signer.BlockUpdate(content, 0, content.Length);
                return signer.GenerateSignature();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_pkcs8);

    private static byte[]? Decrypt(byte[] json, string passphrase)
    {
        using var document = JsonDocument.Parse(json);
        var members = StrictJson.Exactly(document.RootElement, "the key", "kdf", "cipher", "ciphertext");
        var (kdf, cipher) = (StrictJson.Exactly(members["kdf"], "\"kdf\"", "name", "params", "salt"), StrictJson.Exactly(members["cipher"], "\"cipher\"", "name", "nonce"));
        if (kdf.Text("name") != "scrypt" || cipher.Text("name") != "nacl/secretbox")
            throw new JsonException("it is encrypted in an unknown way");
        var costs = StrictJson.Exactly(kdf["params"], "\"params\"", "N", "r", "p");
        var key = SCrypt.Generate(Encoding.UTF8.GetBytes(passphrase), Bytes(kdf, "salt"), Cost(costs, "N", LargestCost), Cost(costs, "r", LargestBlock), Cost(costs, "p", LargestBlock), KeyLength);
        try
        {
            return SecretBox.Open(key, Bytes(cipher, "nonce"), Bytes(members, "ciphertext"));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Bytes(Dictionary<string, JsonElement> members, string name) => StrictJson.Bytes(members.Text(name) ?? "", name);

    // A file could ask for all memory there is.
    private static int Cost(Dictionary<string, JsonElement> costs, string name, int most) =>
        costs[name].ValueKind == JsonValueKind.Number && costs[name].TryGetInt32(out var cost) && cost > 0 && cost <= most && (name != "N" || (cost > 1 && (cost & (cost - 1)) == 0))
            ? cost : throw new JsonException($"\"{name}\" is out of its range");

    private static ContainerEngineException Unusable(string path, string why, Exception? cause) => new(ErrorKind.InvalidArgument, "SigningKeyUnusable",
        $"the private key {path} can't be used: {why}", path, "name one that cosign generate-key-pair or skopeo generate-sigstore-key made, with its passphrase", cause);
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Podsharp.Engine.Trust;

/// <summary>A public key as sigstore uses them: ECDSA and RSA (PKCS #1) over SHA-256, and Ed25519.</summary>
internal sealed class SigstoreKey
{
    private const string PublicKeyLabel = "PUBLIC KEY";
    private const string EcOid = "1.2.840.10045.2.1";
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string Ed25519Oid = "1.3.101.112";

    private readonly string _algorithm;
    private readonly byte[] _bits;

    private SigstoreKey(byte[] info)
    {
        Info = info;
        var sequence = new AsnReader(info, AsnEncodingRules.DER).ReadSequence();
        _algorithm = sequence.ReadSequence().ReadObjectIdentifier();
        _bits = sequence.ReadBitString(out _);
        if (!IsEc && _algorithm is not (RsaOid or Ed25519Oid))
            throw new CryptographicException($"keys of the kind {_algorithm} are not supported");
    }

    /// <summary>The key as SubjectPublicKeyInfo.</summary>
    internal byte[] Info { get; }

    /// <summary>Whether it is of an elliptic curve, for ECDSA.</summary>
    internal bool IsEc => _algorithm == EcOid;

    /// <summary>Reads a key in PEM.</summary>
    /// <exception cref="CryptographicException">It is none, or of another kind.</exception>
    internal static SigstoreKey FromPem(ReadOnlySpan<byte> pem)
    {
        var (label, der) = Pem.Decode(pem);
        return label switch
        {
            PublicKeyLabel => FromInfo(der),
            "RSA PUBLIC KEY" => FromRsa(der),
            _ => throw new CryptographicException($"it is a \"{label}\", not a public key"),
        };
    }

    /// <summary>Reads a SubjectPublicKeyInfo.</summary>
    /// <exception cref="CryptographicException">It is none, or of another kind.</exception>
    internal static SigstoreKey FromInfo(byte[] info)
    {
        try
        {
            return new SigstoreKey(info);
        }
        catch (AsnContentException error)
        {
            throw new CryptographicException("it is no public key", error);
        }
    }

    /// <summary>Whether a signature over some content is this key's.</summary>
    internal bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        try
        {
            switch (_algorithm)
            {
                case EcOid:
                    using (var ec = ECDsa.Create())
                    {
                        ec.ImportSubjectPublicKeyInfo(Info, out _);
                        return ec.VerifyData(content, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
                    }
                case RsaOid:
                    using (var rsa = RSA.Create())
                    {
                        rsa.ImportSubjectPublicKeyInfo(Info, out _);
                        return rsa.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                    }
                default:
                    var verifier = new Ed25519Signer();
                    verifier.Init(false, new Ed25519PublicKeyParameters(_bits, 0));
                    verifier.BlockUpdate(content);
                    return verifier.VerifySignature(signature.ToArray());
            }
        }
        catch (CryptographicException)
        {
            return false; // no signature at all
        }
    }

    private static SigstoreKey FromRsa(byte[] der)
    {
        using var rsa = RSA.Create();
        rsa.ImportRSAPublicKey(der, out _);
        return new SigstoreKey(rsa.ExportSubjectPublicKeyInfo());
    }
}

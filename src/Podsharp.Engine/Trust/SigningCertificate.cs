using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Podsharp.Engine.Trust;

/// <summary>Certificates that vouch for a signer's key.</summary>
internal static class SigningCertificate
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    private const string SubjectNames = "2.5.29.17";
    private const string IssuerVersion1 = "1.3.6.1.4.1.57264.1.1";
    private const string IssuerVersion2 = "1.3.6.1.4.1.57264.1.8";

    /// <summary>Checks a certificate that Fulcio gave out.</summary>
    /// <param name="trust">The authority, and for whom it must be.</param>
    /// <param name="certificate">The certificate, PEM.</param>
    /// <param name="chain">Those above it, PEM; the last is the root.</param>
    /// <param name="time">When it must have been valid.</param>
    /// <param name="key">Its key.</param>
    /// <returns>Null where it is good; else why it isn't.</returns>
    /// <exception cref="Model.ContainerEngineException">ConfigurationInvalid: the policy's own certificates are none.</exception>
    internal static string? CheckFulcio(FulcioTrust trust, string certificate, string chain, DateTimeOffset time, out SigstoreKey? key) =>
        Check(Certificates(trust.Authorities), [], certificate, chain, time, leaf =>
        {
            var issuer = Issuer(leaf);
            return issuer is null ? "its certificate does not tell who has looked at the signer"
                : issuer != trust.Issuer ? $"its certificate comes from the issuer {issuer}, which the policy does not name"
                : CheckEmail(leaf, trust.Email);
        }, out key);

    /// <summary>Checks a certificate of one's own authorities.</summary>
    /// <inheritdoc cref="CheckFulcio"/>
    internal static string? CheckPki(PkiTrust trust, string certificate, string chain, DateTimeOffset time, out SigstoreKey? key) =>
        Check(Certificates(trust.Roots), trust.Intermediates is { } between ? Certificates(between) : [], certificate, chain, time, leaf =>
            (trust.Email is { } email ? CheckEmail(leaf, email) : null) ??
            (trust.HostName is { } host && !leaf.MatchesHostname(host, allowWildcards: true, allowCommonName: false) ? $"its certificate is not for the host {host}" : null), out key);

    private static string? Check(X509Certificate2Collection roots, X509Certificate2Collection intermediates, string certificate, string chain, DateTimeOffset time,
        Func<X509Certificate2, string?> checkSubject, out SigstoreKey? key)
    {
        key = null;
        try
        {
            var leaves = Certificates(Encoding.UTF8.GetBytes(certificate));
            if (leaves.Count != 1)
                return "it does not bear exactly one certificate";
            // What the signature brings along can only lie between the two.
            var brought = Certificates(Encoding.UTF8.GetBytes(chain));
            intermediates.AddRange(brought.Take(Math.Max(0, brought.Count - 1)).ToArray());
            if (ChainProblem(leaves[0], roots, intermediates, time) is { } problem)
                return $"its certificate is not good: {problem}";
            if (checkSubject(leaves[0]) is { } refusal)
                return refusal;
            key = SigstoreKey.FromInfo(leaves[0].PublicKey.ExportSubjectPublicKeyInfo());
            return null;
        }
        catch (Exception error) when (error is CryptographicException or AsnContentException or FormatException)
        {
            return $"its certificate is not understood: {error.Message}";
        }
    }

    private static string? ChainProblem(X509Certificate2 leaf, X509Certificate2Collection roots, X509Certificate2Collection intermediates, DateTimeOffset time)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(intermediates);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new Oid(CodeSigning));
        policy.VerificationTime = time.LocalDateTime;
        if (chain.Build(leaf))
            return null;
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return flags.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "it was not valid at the time"
            : flags.HasFlag(X509ChainStatusFlags.NotValidForUsage) ? "it is not meant for signing code"
            : flags.HasFlag(X509ChainStatusFlags.NotSignatureValid) ? "it or one above it was tampered with"
            : "no authority that the policy names has given it out";
    }

    private static string? CheckEmail(X509Certificate2 leaf, string email)
    {
        var found = Emails(leaf);
        return found.Contains(email) ? null
            : $"its certificate is for {(found.Count == 0 ? "nobody with an address" : string.Join(", ", found))}, not for {email}";
    }

    // RFC 5280, 4.2.1.6: GeneralName's rfc822Name is [1].
    private static List<string> Emails(X509Certificate2 leaf)
    {
        var emails = new List<string>();
        if (leaf.Extensions[SubjectNames] is not { } names)
            return emails;
        var sequence = new AsnReader(names.RawData, AsnEncodingRules.DER).ReadSequence();
        var rfc822 = new Asn1Tag(TagClass.ContextSpecific, 1);
        while (sequence.HasData)
        {
            if (sequence.PeekTag().HasSameClassAndValue(rfc822))
                emails.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, rfc822));
            else
                sequence.ReadEncodedValue();
        }
        return emails;
    }

    /// <summary>Who has looked at the signer: in plain bytes in the first version of Fulcio's extension, a string of ASN.1 in the second.</summary>
    private static string? Issuer(X509Certificate2 leaf)
    {
        var first = leaf.Extensions[IssuerVersion1] is { } old ? Encoding.UTF8.GetString(old.RawData) : null;
        if (leaf.Extensions[IssuerVersion2] is not { } current)
            return first;
        var reader = new AsnReader(current.RawData, AsnEncodingRules.DER);
        var second = reader.ReadCharacterString(UniversalTagNumber.UTF8String);
        reader.ThrowIfNotEmpty();
        return first is null || first == second ? second : null;
    }

    private static X509Certificate2Collection Certificates(KeyMaterial material)
    {
        try
        {
            var all = new X509Certificate2Collection();
            foreach (var pem in material.Read())
                all.AddRange(Certificates(pem));
            return all.Count > 0 ? all : throw new CryptographicException("there is none in it");
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            throw SigstoreVerifier.Invalid("the policy's certificate", error);
        }
    }

    private static X509Certificate2Collection Certificates(byte[] pem) =>
        new(Pem.DecodeAll(pem).Where(item => item.Label == "CERTIFICATE").Select(item => X509CertificateLoader.LoadCertificate(item.Content)).ToArray());
}

using System.Security.Cryptography;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>Checks sigstore signatures against a requirement, with what the policy names alone: nothing is asked over the network.</summary>
/// <param name="requirement">The requirement.</param>
/// <param name="image">The image's name; null where it has none.</param>
/// <param name="manifest">Its manifest.</param>
internal sealed class SigstoreVerifier(SigstoreSigned requirement, ImageReference? image, ReadOnlyMemory<byte> manifest)
{
    private readonly Lazy<IReadOnlyList<SigstoreKey>> _keys = new(() => Keys(requirement.Keys, "the policy's key"));
    private readonly Lazy<IReadOnlyList<SigstoreKey>> _logs = new(() => Keys(requirement.Rekor, "the policy's key of a log"));

    /// <summary>Checks a signature.</summary>
    /// <returns>Null where it meets the requirement; else why it doesn't.</returns>
    /// <exception cref="ContainerEngineException">ConfigurationInvalid: the policy names what is no key or certificate.</exception>
    internal string? Verify(SigstoreSignature signature)
    {
        if (!signature.Annotations.TryGetValue(SigstoreSignature.SignatureKey, out var text) || !TryBase64(text, out var bytes))
            return "it lacks the signature itself";
        if (Candidates(signature, bytes, out var keys) is { } refusal)
            return refusal;
        return keys.Any(key => key.Verify(signature.Payload, bytes))
            ? SignedContent.Check(signature.Payload, SignedContent.SigstoreType, requirement.Identity, image, manifest.Span)
            : "it was made with another key, or was tampered with";
    }

    /// <summary>The keys one of which must have made it.</summary>
    private string? Candidates(SigstoreSignature signature, byte[] bytes, out IReadOnlyList<SigstoreKey> keys)
    {
        keys = [];
        if (requirement.Keys is not null)
        {
            keys = _keys.Value;
            return requirement.Rekor is null ? null : LoggedKeys(signature, bytes, ref keys);
        }
        if (!signature.Annotations.TryGetValue(SigstoreSignature.CertificateKey, out var certificate))
            return "it bears no certificate";
        var chain = signature.Annotations.GetValueOrDefault(SigstoreSignature.ChainKey) ?? "";
        SigstoreKey? key;
        string? refusal;
        if (requirement.Fulcio is { } fulcio)
        {
            // The certificate lives for minutes: it had to be valid when the log took the signature in.
            if (Logged(signature, bytes, certificate, out var time) is { } unlogged)
                return unlogged;
            refusal = SigningCertificate.CheckFulcio(fulcio, certificate, chain, time, out key);
        }
        else
        {
            refusal = SigningCertificate.CheckPki(requirement.Pki!, certificate, chain, DateTimeOffset.UtcNow, out key);
        }
        keys = key is null ? [] : [key];
        return refusal;
    }

    private string? LoggedKeys(SigstoreSignature signature, byte[] bytes, ref IReadOnlyList<SigstoreKey> keys)
    {
        string? refusal = null;
        foreach (var key in keys)
        {
            refusal = Logged(signature, bytes, PemEncoding.WriteString("PUBLIC KEY", key.Info), out _);
            if (refusal is null)
            {
                keys = [key];
                return null;
            }
        }
        return refusal;
    }

    private string? Logged(SigstoreSignature signature, byte[] bytes, string signer, out DateTimeOffset time)
    {
        time = default;
        return signature.Annotations.TryGetValue(SigstoreSignature.BundleKey, out var bundle)
            ? RekorReceipt.Check(bundle, _logs.Value, signer, bytes, signature.Payload, out time) : "it bears no receipt of a log";
    }

    private static IReadOnlyList<SigstoreKey> Keys(KeyMaterial? material, string what)
    {
        try
        {
            return [.. (material?.Read() ?? []).Select(pem => SigstoreKey.FromPem(pem))];
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            throw Invalid(what, error);
        }
    }

    /// <summary>The error for a policy's material that is not what it should be.</summary>
    internal static ContainerEngineException Invalid(string what, Exception cause) => new(ErrorKind.InvalidArgument, "ConfigurationInvalid",
        $"{what} can't be used: {cause.Message}", null, "correct the signature policy", cause);

    private static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var count))
            return false;
        bytes = bytes[..count];
        return true;
    }
}

using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>containers-policy.json(5): which images may come in, and whose signatures they must bear.</summary>
/// <remarks>Whatever brings an image into the store, or copies one elsewhere, asks <see cref="Check(PolicyImage)"/> before it reads anything, and
/// <see cref="CheckAsync"/> once it has the manifest, before it reads anything that the manifest names.</remarks>
internal sealed class SignaturePolicy
{
    private readonly ConfigurationEnvironment _environment;

    private SignaturePolicy(string file, byte[] json, ConfigurationEnvironment environment)
    {
        (Default, Transports) = PolicyReader.Read(json);
        _environment = environment;
        File = file;
    }

    /// <summary>The file it was read from.</summary>
    internal string File { get; }

    /// <summary>What holds where no scope fits.</summary>
    internal IReadOnlyList<PolicyRequirement> Default { get; }

    /// <summary>The requirements, by transport and scope.</summary>
    internal IReadOnlyDictionary<string, Dictionary<string, IReadOnlyList<PolicyRequirement>>> Transports { get; }

    /// <summary>Reads the policy; null where the host has none, which allows everything.</summary>
    /// <param name="environment">Where the files are.</param>
    /// <param name="path">Another file to read instead; null for the user's or the host's.</param>
    /// <exception cref="ContainerEngineException">ConfigurationInvalid: the file is malformed, says what isn't known, or can't be read.</exception>
    internal static SignaturePolicy? Load(ConfigurationEnvironment environment, string? path = null)
    {
        if ((path ?? FileOf(environment)) is not { } file)
            return null;
        try
        {
            return new SignaturePolicy(file, System.IO.File.ReadAllBytes(file), environment);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid",
                $"the signature policy {file} is not valid: {error.Message}", file, "correct it: until then no image is accepted", error);
        }
    }

    /// <summary>The file that counts here: the user's, else the host's; null where there is none.</summary>
    internal static string? FileOf(ConfigurationEnvironment environment) => new[] { UserFile(environment), SystemFile(environment) }.FirstOrDefault(System.IO.File.Exists);

    /// <summary>The user's file.</summary>
    internal static string UserFile(ConfigurationEnvironment environment) => Path.Combine(environment.ConfigHome, "containers/policy.json");

    /// <summary>The host's file.</summary>
    internal static string SystemFile(ConfigurationEnvironment environment) => environment.SystemPath("/etc/containers/policy.json");

    /// <summary>Checks an image at a registry whose signatures nobody has looked at: one that needs some is refused.</summary>
    /// <exception cref="ContainerEngineException">PolicyRejected.</exception>
    internal void Check(ImageReference reference) => CheckUnsigned(PolicyImage.AtRegistry(reference));

    /// <summary>Checks an image that bears no signatures: one that needs some is refused.</summary>
    /// <exception cref="ContainerEngineException">PolicyRejected.</exception>
    internal void CheckUnsigned(PolicyImage image)
    {
        if (Check(image))
            throw Refused(image, "asks for a signature, and the image bears none");
    }

    /// <summary>Checks what can be said of an image before anything of it is read.</summary>
    /// <returns>Whether signatures have to be looked at.</returns>
    /// <exception cref="ContainerEngineException">PolicyRejected: it is refused in any case.</exception>
    internal bool Check(PolicyImage image)
    {
        var needsSignature = false;
        foreach (var requirement in Requirements(image))
        {
            if (requirement is RejectAnything)
                throw Refused(image, "rejects it");
            if (requirement is UncheckableRequirement unknown)
                throw Refused(image, $"asks for {unknown.What}, which can't be checked");
            needsSignature |= requirement is not AcceptAnything;
        }
        return needsSignature;
    }

    /// <summary>Checks an image: every requirement must be met, each by one signature.</summary>
    /// <param name="image">The image.</param>
    /// <param name="manifest">Its manifest, byte for byte; an index counts by itself.</param>
    /// <param name="signatures">What is known of its signatures; only asked where a requirement needs some.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ContainerEngineException">PolicyRejected, and why. What reading signatures raises.</exception>
    internal async Task CheckAsync(PolicyImage image, ReadOnlyMemory<byte> manifest, Func<CancellationToken, Task<IReadOnlyList<ImageSignature>>> signatures,
        CancellationToken cancellationToken)
    {
        if (!Check(image))
            return;
        var known = await signatures(cancellationToken);
        foreach (var requirement in Requirements(image))
        {
            var refusal = requirement switch
            {
                SignedBy signed => await VerifyAsync(signed, image, manifest, known, cancellationToken),
                SigstoreSigned sigstore => Best(known.OfType<SigstoreSignature>().Where(one => one.MediaType == SigstoreSignature.PayloadType),
                    new SigstoreVerifier(sigstore, image.Reference, manifest).Verify),
                _ => null,
            };
            if (refusal is not null)
                throw Refused(image, refusal);
        }
    }

    private async Task<string?> VerifyAsync(SignedBy signed, PolicyImage image, ReadOnlyMemory<byte> manifest, IReadOnlyList<ImageSignature> known, CancellationToken cancellationToken)
    {
        var candidates = known.OfType<SimpleSignature>().ToList();
        if (candidates.Count == 0)
            return Best(candidates, static _ => null);
        // gpg is a program: its thread blocks.
        return await Task.Factory.StartNew(() =>
        {
            using var keyring = GpgKeyring.Open(signed.Keys.Read(), _environment, cancellationToken);
            return Best(candidates, signature => keyring.Verify(signature.Content, out var content, cancellationToken)
                ?? SignedContent.Check(content, SignedContent.SimpleType, signed.Identity, image.Reference, manifest.Span));
        }, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    /// <summary>Null where one signature is good; else why none is.</summary>
    private static string? Best<T>(IEnumerable<T> signatures, Func<T, string?> verify)
    {
        var refusals = new List<string>();
        foreach (var signature in signatures)
        {
            if (verify(signature) is not { } refusal)
                return null;
            refusals.Add(refusal);
        }
        var kind = typeof(T) == typeof(SimpleSignature) ? "GPG" : "sigstore";
        return refusals.Count == 0 ? $"asks for a {kind} signature, and the image has none"
            : $"asks for a {kind} signature, and {(refusals.Count == 1 ? "the image's is not accepted" : $"none of the image's {refusals.Count} is accepted")}: {string.Join("; ", refusals.Distinct())}";
    }

    private IReadOnlyList<PolicyRequirement> Requirements(PolicyImage image)
    {
        if (!Transports.TryGetValue(image.Transport, out var scopes))
            return Default;
        foreach (var scope in image.Scopes.Append(""))
        {
            if (scopes.TryGetValue(scope, out var requirements))
                return requirements;
        }
        return Default;
    }

    private ContainerEngineException Refused(PolicyImage image, string why) => new(ErrorKind.PermissionDenied, "PolicyRejected",
        $"{image.Name} may not be used: the signature policy {File} {why}", image.Name, "see containers-policy.json(5)");
}

using System.Runtime.CompilerServices;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>Signs images that are at a registry already, and verifies those there.</summary>
internal sealed class RegistrySigner(ConfigurationEnvironment environment, ContainersConf configuration)
{
    /// <summary>Signs an image, or a list with its images.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; SigningFailed; what the registry raises.</exception>
    internal async IAsyncEnumerable<ImageSignResult> SignAsync(ImageSignRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = FullName(request.Image);
        using var signer = ImageSigner.Open(request.Signing, environment)
            ?? throw EngineErrors.InvalidArgument("no key is named to sign with", request.Image, "name one, for example with --sign-by");
        using var connection = await new RegistryAccess(environment, configuration, RegistriesConf.Load(environment)).WriteAsync(name, request.Registry, static _ => { }, cancellationToken);
        var client = new RegistryClient(connection);
        var signatures = new RegistrySignatures(client, name, RegistriesDirectory.Load(environment));
        signatures.CheckWritable(signer.IsSimple && request.Directory is null, signer.IsSigstore);
        foreach (var digest in await ManifestsAsync(client, name, request.All, cancellationToken))
        {
            var made = await signer.SignAsync(name, digest, cancellationToken);
            if (request.Directory is { } directory)
            {
                RegistrySignatures.AddFiles(RegistrySignatures.FileAddress(new Uri($"file://{directory.TrimEnd('/')}/{name.Path}"), digest, 0).LocalPath, [.. made.OfType<SimpleSignature>()]);
                made = [.. made.OfType<SigstoreSignature>()];
            }
            await signatures.AddAsync(new RegistryWriter(connection, name.Path), digest, made, cancellationToken);
            yield return new ImageSignResult(name.ToString(), digest.ToString());
        }
    }

    /// <summary>Asks the policy about an image, as a pull would.</summary>
    /// <exception cref="ContainerEngineException">What the registry raises; the policy is malformed.</exception>
    internal async Task<ImageVerification> VerifyAsync(ImageVerifyRequest request, CancellationToken cancellationToken)
    {
        var name = FullName(request.Image);
        var access = new RegistryAccess(environment, configuration, RegistriesConf.Load(environment));
        await using var origin = await RegistryOrigin.OpenAsync(access, name, request.Registry, static _ => { }, cancellationToken, RegistriesDirectory.Load(environment));
        var remote = await RemoteImage.ReadAsync(origin, PlatformChoice.Complete(request.Platform), cancellationToken);
        await remote.ReadSignaturesAsync(origin, cancellationToken);
        var policy = SignaturePolicy.Load(environment, request.Registry.SignaturePolicy);
        string? reason = null;
        try
        {
            origin.Guard = ImageGuard.Of(policy, PolicyImage.AtRegistry(name));
            await remote.CheckAsync(origin, cancellationToken);
        }
        catch (ContainerEngineException error) when (error.ErrorId == "PolicyRejected")
        {
            reason = error.Reason;
        }
        return new ImageVerification
        {
            Image = name.ToString(),
            Digest = remote.ManifestDigest.ToString(),
            IsAccepted = reason is null,
            Reason = reason,
            Signatures = remote.Signatures.Count,
            PolicyFile = policy?.File,
        };
    }

    // A signature is for a full name: nobody guesses which one.
    private ImageReference FullName(string text)
    {
        var candidates = ShortNames.PullCandidates(text, RegistriesConf.Load(environment));
        return candidates.Count == 1 ? candidates[0] : throw ShortNames.Ambiguous(text, candidates);
    }

    private static async Task<IReadOnlyList<ContentDigest>> ManifestsAsync(RegistryClient client, ImageReference name, bool all, CancellationToken cancellationToken)
    {
        var answer = await client.GetManifestAsync(name.Path, name.ManifestKey, cancellationToken);
        var manifest = ImageManifest.Parse(answer.Bytes, answer.ContentType, name.ToString());
        return all && manifest.IsIndex
            ? [answer.Digest, .. (manifest.Manifests ?? []).Select(entry => ContentDigest.Parse(entry.Digest, $"the index of {name}"))] : [answer.Digest];
    }
}

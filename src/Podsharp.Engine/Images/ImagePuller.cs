using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Fetches images from registries into the store.</summary>
/// <remarks>Everything is staged first and recorded in one go at the end, so an image is there as a whole or not at all, and a
/// cancelled or killed pull leaves no layer that nothing refers to.</remarks>
internal sealed class ImagePuller(ContainerStorage storage, ImageCatalog catalog, ConfigurationEnvironment environment, ContainersConf configuration)
{
    /// <summary>Pulls an image. The last record holds it. Leaving the sequence early stops the pull and clears it away.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, Unauthorized, Network, DataCorrupt, Unsupported, StorageFull.</exception>
    internal IAsyncEnumerable<ImagePullProgress> PullAsync(ImagePullRequest request, CancellationToken cancellationToken) =>
        ProgressSequence.Of<ImagePullProgress>(async (output, stop) =>
        {
            if (request.AllTags)
            {
                await PullAllTagsAsync(request, output, stop);
                return;
            }
            await PullOneAsync(request, output, stop);
        }, cancellationToken);

    private async Task PullOneAsync(ImagePullRequest request, ChannelWriter<ImagePullProgress> output, CancellationToken cancellationToken)
    {
        var image = await PullImageAsync(request, output, cancellationToken);
        if (request.ChosenFor is { } shortName)
        {
            ShortNameAliases.Record(shortName, ImageReference.Parse(request.Reference), environment, cancellationToken);
        }
        output.TryWrite(new ImagePullProgress { Reference = request.Reference, Stage = ImagePullStage.Done, Image = catalog.ToModel(image) });
    }

    /// <summary>What a name stands for. One that stands for a local image means that one, not whatever the search finds.</summary>
    /// <exception cref="ContainerEngineException">InvalidReference, ShortNameUnresolved; a configuration file is malformed.</exception>
    internal ImageNameResolution Resolve(string name)
    {
        var registries = RegistriesConf.Load(environment);
        if (!name.StartsWith("docker://", StringComparison.Ordinal) && ImageReference.IsShort(name) && catalog.FindAny(name, registries) is { Name: { } local })
        {
            return new ImageNameResolution(name, [local], false, false);
        }
        var candidates = ShortNames.PullCandidates(name, registries);
        var isAmbiguous = candidates.Count > 1;
        return new ImageNameResolution(name, [.. candidates.Select(candidate => candidate.ToString())],
            isAmbiguous && registries.ShortNameMode == ShortNameMode.Enforcing, isAmbiguous && registries.ShortNameMode != ShortNameMode.Disabled);
    }

    private async Task PullAllTagsAsync(ImagePullRequest request, ChannelWriter<ImagePullProgress> output, CancellationToken cancellationToken)
    {
        if (ImageReference.Parse(request.Reference) is not { Tag: null, Digest: null })
        {
            throw EngineErrors.InvalidArgument($"all tags are asked for, but {request.Reference} has one", request.Reference, "leave the tag out");
        }
        var registries = RegistriesConf.Load(environment);
        var errors = new List<ContainerEngineException>();
        foreach (var candidate in Candidates(request.Reference, registries))
        {
            foreach (var source in PullSources.Of(candidate with { Tag = null }, registries))
            {
                IReadOnlyList<string> tags;
                try
                {
                    using var client = await ConnectAsync(request.Registry, source, registries, message => Retrying(output, request.Reference, message), cancellationToken);
                    tags = await client.GetTagsAsync(source.Reference.Path, cancellationToken);
                }
                catch (ContainerEngineException error)
                {
                    errors.Add(error);
                    continue;
                }
                foreach (var tag in tags)
                {
                    await PullOneAsync(request with { Reference = (candidate with { Tag = tag }).ToString() }, output, cancellationToken);
                }
                return;
            }
        }
        throw PullSources.Combine(request.Reference, errors);
    }

    private static void Retrying(ChannelWriter<ImagePullProgress> output, string name, string message) =>
        output.TryWrite(new ImagePullProgress { Reference = name, Stage = ImagePullStage.Retrying, Message = message });

    /// <summary>The full names to try.</summary>
    /// <exception cref="ContainerEngineException">ShortNameAmbiguous: there are several, and somebody has to choose.</exception>
    private static IReadOnlyList<ImageReference> Candidates(string name, RegistriesConf registries)
    {
        var candidates = ShortNames.PullCandidates(name, registries);
        return candidates.Count > 1 && registries.ShortNameMode == ShortNameMode.Enforcing ? throw ShortNames.Ambiguous(name, candidates) : candidates;
    }

    private async Task<StoredImage> PullImageAsync(ImagePullRequest request, ChannelWriter<ImagePullProgress> output, CancellationToken cancellationToken)
    {
        var registries = RegistriesConf.Load(environment);
        // Checked first: a malformed name is the user's error whatever the policy is.
        _ = ImageReference.Parse(request.Reference);
        var local = catalog.Find(ImageReference.StripTransport(request.Reference), request.Platform, registries);
        if (local is not null && UsesLocal(request, local.Image))
        {
            return local.Image;
        }
        if (request.Policy == PullPolicy.Never)
        {
            throw EngineErrors.ImageNotFound(request.Reference);
        }
        // A name that stands for a local image means that one, not whatever the search finds.
        var name = local?.Name is { } full && ImageReference.IsShort(request.Reference) ? full : request.Reference;
        try
        {
            return await PullCandidatesAsync(request, name, registries, request.Policy == PullPolicy.Newer ? local?.Image : null, output, cancellationToken);
        }
        catch (ContainerEngineException error) when (request.Policy == PullPolicy.Newer && local is not null)
        {
            output.TryWrite(new ImagePullProgress { Reference = name, Stage = ImagePullStage.Resolving, Message = $"{error.Reason}; using the local image" });
            return local.Image;
        }
    }

    private bool UsesLocal(ImagePullRequest request, StoredImage image) => request.Policy switch
    {
        PullPolicy.Never => true,
        PullPolicy.Missing => request.Platform is null ||
            PlatformChoice.Matches(catalog.ReadConfig(image), PlatformChoice.Complete(request.Platform)),
        _ => false,
    };

    private async Task<StoredImage> PullCandidatesAsync(ImagePullRequest request, string name, RegistriesConf registries, StoredImage? newerThan,
        ChannelWriter<ImagePullProgress> output, CancellationToken cancellationToken)
    {
        var policy = SignaturePolicy.Load(environment, request.Registry.SignaturePolicy);
        using var keys = LayerDecryption.Open(request.Registry.DecryptionKeys);
        var errors = new List<ContainerEngineException>();
        foreach (var candidate in Candidates(name, registries))
        {
            policy?.Check(PolicyImage.AtRegistry(candidate));
            foreach (var source in PullSources.Of(candidate, registries))
            {
                try
                {
                    output.TryWrite(new ImagePullProgress { Reference = candidate.ToString(), Stage = ImagePullStage.Resolving, Message = $"Trying to pull {source.Reference}..." });
                    return await PullSourceAsync(request, candidate, source, registries, policy, keys, newerThan, output, cancellationToken);
                }
                catch (ContainerEngineException error) when (error.Kind is not ErrorKind.StorageFull)
                {
                    errors.Add(error);
                }
            }
        }
        throw PullSources.Combine(name, errors);
    }

    private async Task<StoredImage> PullSourceAsync(ImagePullRequest request, ImageReference name, PullSource source, RegistriesConf registries,
        SignaturePolicy? policy, LayerDecryption keys, StoredImage? newerThan, ChannelWriter<ImagePullProgress> output, CancellationToken cancellationToken)
    {
        await using var origin = new RegistryOrigin(await ConnectAsync(request.Registry, source, registries,
            message => Retrying(output, name.ToString(), message), cancellationToken), source.Reference)
        {
            SignaturePlaces = RegistriesDirectory.Load(environment),
            Guard = policy is null ? null : new ImageGuard(policy, PolicyImage.AtRegistry(name)),
        };
        var remote = await RemoteImage.ReadAsync(origin, PlatformChoice.Complete(request.Platform), cancellationToken);
        if (newerThan is not null && newerThan.Digests.Contains(remote.Digest.ToString()))
        {
            return newerThan;
        }
        await remote.CheckAsync(origin, cancellationToken);
        remote.Unlock(keys, origin);
        await remote.ReadSignaturesAsync(origin, cancellationToken);
        await remote.ReadConfigAsync(origin, cancellationToken);
        return await new LayerFetch(storage, origin, remote, output, configuration.Engine.ImageParallelCopies).RunAsync(name.ToString(), name.StoredName, cancellationToken);
    }

    private Task<RegistryClient> ConnectAsync(RegistryOptions options, PullSource source, RegistriesConf registries, Action<string> onRetry, CancellationToken cancellationToken) =>
        new RegistryAccess(environment, configuration, registries).ReadAsync(source, options, onRetry, cancellationToken);
}

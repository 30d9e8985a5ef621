using System.Collections.Concurrent;
using Podsharp.Engine.Images;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Results of steps in repositories (<c>--cache-from</c>, <c>--cache-to</c>): the image that a step has led to, under a tag that is the step's key. The key tells all that
/// the result depends on, so a result is never out of date, and engines share what they have built. podman has keys of its own: it and we can use one repository, and don't see each other's.</summary>
/// <param name="parts">The engine.</param>
/// <param name="request">Names the repositories, and says how to talk to their registries.</param>
/// <param name="output">Gets what there is to tell.</param>
internal sealed class SharedCache(EngineParts parts, ImageBuildRequest request, Action<ImageBuildProgress> output)
{
    private readonly Lock gate = new();
    private Task pushes = Task.CompletedTask;
    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> silent = new(StringComparer.Ordinal);

    /// <summary>Checks the names of the repositories.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void Check(ImageBuildRequest request)
    {
        foreach (var repository in request.CacheFrom.Concat(request.CacheTo))
        {
            if (ImageReference.Parse(repository) is not { Tag: null, Digest: null })
                throw EngineErrors.InvalidArgument($"the cache repository {repository} has a tag or a digest", repository, "name the repository alone: each step's result gets a tag of its own");
        }
        if (!request.Layers && request.CacheFrom.Count + request.CacheTo.Count > 0)
            throw EngineErrors.InvalidArgument("steps' results are shared, but this build has none: it makes one layer of all", null, "leave out --layers=false, --squash or --cache-from and --cache-to");
    }

    /// <summary>Looks for a step's result.</summary>
    /// <param name="key">The step's key.</param>
    /// <param name="fits">Whether an image's layers, the top first, can be this step's result, whatever its tag says.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The image, in the store; null where there is none, or it can't be had.</returns>
    internal async Task<StoredImage?> FindAsync(string key, Func<IReadOnlyList<StoredLayer>, bool> fits, CancellationToken cancellationToken)
    {
        foreach (var repository in request.CacheFrom)
        {
            // One whose registry can't be reached isn't asked for each step.
            if (silent.ContainsKey(repository))
                continue;
            try
            {
                if (await PullAsync($"{repository}:{key}", key, fits, cancellationToken) is not { } image)
                    continue;
                known[key] = true;
                output(new() { Stage = ImageBuildStage.CachePulled, Text = $"{repository}:{key}", ImageId = image.Id });
                return image;
            }
            catch (ContainerEngineException error) when (error.Kind == ErrorKind.NotFound)
            {
                // Nobody has built it yet.
            }
            catch (ContainerEngineException error) when (silent.TryAdd(repository, true))
            {
                output(new() { Stage = ImageBuildStage.Warning, Text = $"the cache repository {repository} isn't used: {error.Reason}" });
            }
            catch (ContainerEngineException)
            {
                // Another stage's step has told it.
            }
        }
        return null;
    }

    /// <summary>Begins to put a step's result into the repositories. The build goes on meanwhile.</summary>
    internal void Push(string key, StoredImage image, CancellationToken cancellationToken)
    {
        if (request.CacheTo.Count == 0 || !known.TryAdd(key, true))
            return;
        foreach (var repository in request.CacheTo)
        {
            output(new() { Stage = ImageBuildStage.CachePushed, Text = $"{repository}:{key}", ImageId = image.Id });
            // One after the other: they have most of their layers in common, and each finds there what the one before has sent.
            lock (gate)
                pushes = PushAsync(pushes, image.Id, $"{repository}:{key}", cancellationToken);
        }
    }

    /// <summary>Waits until all is there.</summary>
    /// <exception cref="ContainerEngineException">CachePushFailed: as under podman the build fails then, since others count on what they are promised.</exception>
    internal Task FinishAsync() => pushes;

    /// <summary>Ends what is still under way after a build that has failed.</summary>
    internal async Task AbandonAsync() => await pushes.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task PushAsync(Task before, string image, string destination, CancellationToken cancellationToken)
    {
        await before;
        try
        {
            await foreach (var _ in parts.Images.PushAsync(new() { Image = image, Destination = destination, Registry = request.Registry }, cancellationToken))
            {
            }
        }
        catch (ContainerEngineException error)
        {
            throw new ContainerEngineException(error.Kind, "CachePushFailed", $"a step's result can't be put into the cache: {error.Reason}", destination, "leave out --cache-to, or mend what is wrong there", error);
        }
    }

    private async Task<StoredImage?> PullAsync(string reference, string key, Func<IReadOnlyList<StoredLayer>, bool> fits, CancellationToken cancellationToken)
    {
        ContainerImage? pulled = null;
        await foreach (var progress in parts.Images.PullAsync(new() { Reference = reference, Policy = PullPolicy.Always, Registry = request.Registry, Platform = request.Platform }, cancellationToken))
            pulled = progress.Image ?? pulled;
        // It is found by its key from now on, and needs no name.
        var image = parts.Storage.SetImageNames(pulled!.Id, [], [ImageReference.Parse(reference).StoredName]);
        if (request.CacheAge is { } age && image.Created < DateTimeOffset.UtcNow - age)
            return null;
        if (image.TopLayerId is not { } top || !fits(parts.Storage.GetLayerChain(top)))
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "CacheMismatch", $"{reference} is not the result of this step: it lies on other layers", reference);
        return parts.Storage.CommitImage([], new() { Id = image.Id, Names = [], TopLayerId = top, Created = image.Created, BigData = [BuildCache.Item(key, key)] });
    }
}

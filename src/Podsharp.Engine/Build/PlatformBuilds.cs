using System.Threading.Channels;
using Podsharp.Engine.Images;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Builds a Containerfile for one platform or for several, side by side, and puts the images into a list.</summary>
/// <remarks>Each platform is a build of its own, with its variables, base images and stages; the context is fetched once. What isn't one platform's is told once.
/// Where there are several platforms, the names are the list's: an image of one of them would be no answer to what was asked.</remarks>
/// <param name="parts">The engine.</param>
internal sealed class PlatformBuilds(EngineParts parts)
{
    private readonly ImageBuilder builder = new(parts);

    /// <summary>Builds what is asked for. The last record holds the image, or the list.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="archive">The context as a tar; null where the request names it, or there is none.</param>
    /// <param name="output">Gets what there is to tell.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">NotAManifestList: the list's name is an image's. What a build raises, behind the name of its platform where there are several.</exception>
    internal async Task BuildAsync(ImageBuildRequest request, Stream? archive, ChannelWriter<ImageBuildProgress> output, CancellationToken cancellationToken)
    {
        if (request is { Platforms.Count: <= 1, AllPlatforms: false })
        {
            await BuildOneAsync(request with { Platform = request.Platforms.FirstOrDefault() ?? request.Platform }, archive, output, cancellationToken);
            return;
        }
        if (request.Input)
            throw EngineErrors.InvalidArgument("the commands of several platforms can't read one standard input", null, "build the platforms one by one, or leave out --stdin");
        using var session = new BuildSession(parts.BuildContainers);
        var local = request with { Context = await builder.FetchAsync(request, archive, session, cancellationToken), List = null, Names = [] };
        var list = ListName(request);
        List<string> names = [.. request.Names.Select(ImageService.NewName)];
        var platforms = request.AllPlatforms ? await builder.PlatformsOfBasesAsync(local, session, cancellationToken) : Distinct(request.Platforms);
        var images = await BuildAllAsync(local, platforms, output, cancellationToken);
        if (list is null && names.Count == 0)
            return;
        var made = parts.Images.Lists.Put(list, names, images, cancellationToken);
        output.TryWrite(new() { Stage = ImageBuildStage.Listed, List = made });
    }

    private async Task BuildOneAsync(ImageBuildRequest request, Stream? archive, ChannelWriter<ImageBuildProgress> output, CancellationToken cancellationToken)
    {
        var list = ListName(request);
        var writer = new PlatformProgress(output, PlatformChoice.Complete(request.Platform), []);
        await builder.BuildAsync(request, archive, writer, cancellationToken);
        var done = writer.Done!;
        output.TryWrite(done);
        if (list is null)
            return;
        var image = parts.Storage.FindImage(done.Image!.Id) ?? throw EngineErrors.ImageNotFound(done.Image.Id);
        output.TryWrite(new() { Stage = ImageBuildStage.Listed, List = parts.Images.Lists.Put(list, [], [image], cancellationToken) });
    }

    // A name that an image has would only be found out at the end.
    private string? ListName(ImageBuildRequest request)
    {
        if (request.List is not { Length: > 0 } name)
            return null;
        var full = ImageService.NewName(name);
        parts.Images.Lists.Exists(full);
        return full;
    }

    private static List<ImagePlatform> Distinct(IReadOnlyList<ImagePlatform> platforms) => [.. platforms.Select(PlatformChoice.Complete).Distinct()];

    private async Task<IReadOnlyList<StoredImage>> BuildAllAsync(ImageBuildRequest request, IReadOnlyList<ImagePlatform> platforms, ChannelWriter<ImageBuildProgress> output,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(request.Jobs > 0 ? request.Jobs : platforms.Count);
        HashSet<string> told = [];
        // What is one at a time is so in the order of the platforms, too.
        var share = request with { Jobs = request.Jobs == 0 ? 0 : Math.Max(1, request.Jobs / platforms.Count) };
        var builds = new List<Task<ImageBuildProgress>>();
        try
        {
            foreach (var platform in platforms)
            {
                await places.WaitAsync(stop.Token);
                builds.Add(Task.Run(() => BuildAsync(share with { Platform = platform }, new PlatformProgress(output, platform, told), places, stop), CancellationToken.None));
            }
            // The first that fails ends the others.
            await foreach (var finished in Task.WhenEach(builds))
                await finished;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another's failure has ended this one, and is what counts.
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(builds)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (builds.Find(build => build.IsFaulted) is { } failed)
            await failed;
        var images = new List<StoredImage>();
        foreach (var build in builds)
        {
            var done = await build;
            output.TryWrite(done);
            images.Add(parts.Storage.FindImage(done.Image!.Id) ?? throw EngineErrors.ImageNotFound(done.Image.Id));
        }
        return images;
    }

    private async Task<ImageBuildProgress> BuildAsync(ImageBuildRequest request, PlatformProgress output, SemaphoreSlim places, CancellationTokenSource stop)
    {
        try
        {
            await builder.BuildAsync(request, null, output, stop.Token);
            return output.Done!;
        }
        catch (ContainerEngineException error)
        {
            await stop.CancelAsync();
            throw new ContainerEngineException(error.Kind, error.ErrorId, $"[{request.Platform}]: {error.Reason}", error.Target, error.Remedy, error) { ExitCode = error.ExitCode };
        }
        finally
        {
            places.Release();
        }
    }
}

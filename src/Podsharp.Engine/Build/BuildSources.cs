using System.Collections.Concurrent;
using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Finds what names in a Containerfile stand for: stages, further contexts, images.</summary>
/// <param name="job">The build.</param>
internal sealed class BuildSources(BuildJob job) : IDisposable
{
    private const int IdLength = 64;
    private static readonly string[] s_imagePrefixes = ["container-image://", "docker-image://"];
    private readonly ConcurrentDictionary<int, Task<StageResult>> stages = [];
    private readonly Dictionary<string, Task<StoredImage>> images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BuildContext> contexts = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Fetches what is named by address.</summary>
    internal BuildFetcher Fetcher { get; } = new(job.Parts);

    /// <summary>Tells of a stage that is being built.</summary>
    internal void Add(int index, Task<StageResult> stage) => stages[index] = stage;

    /// <summary>The result of a stage, when it is there.</summary>
    internal Task<StageResult> StageAsync(int index, CancellationToken cancellationToken) => stages[index].WaitAsync(cancellationToken);

    /// <summary>The files that a name of <c>from</c> stands for.</summary>
    /// <exception cref="ContainerEngineException">NotFound and what a pull raises.</exception>
    internal async Task<BuildSource> FindAsync(string name, Stage stage, CancellationToken cancellationToken)
    {
        if (job.Request.Contexts.TryGetValue(name, out var address) && ImageOf(address) is null)
            return Context(name, address, cancellationToken).Source;
        if (!job.Request.Contexts.ContainsKey(name) && job.Plan.Stages.Where(other => other.Index < stage.Index).ToList() is var earlier && StagePlan.Find(earlier, name) is { } found)
        {
            var result = await StageAsync(found.Index, cancellationToken);
            return new(job.View(result.State.TopLayer), $"the stage {name}", null, null, result.State.TopLayer ?? "") { ImageId = result.State.ImageId };
        }
        var image = await ImageAsync(name, null, cancellationToken);
        return new(job.View(image.TopLayerId), $"the image {name}", null, null, image.TopLayerId ?? "") { ImageId = image.Id };
    }

    /// <summary>An image, fetched where that is asked for.</summary>
    /// <exception cref="ContainerEngineException">What a pull raises.</exception>
    internal Task<StoredImage> ImageAsync(string name, ImagePlatform? platform, CancellationToken cancellationToken)
    {
        var reference = ReferenceOf(name);
        lock (gate)
        {
            var key = $"{reference} {platform}";
            return images.TryGetValue(key, out var pulling) && !pulling.IsFaulted ? pulling : images[key] = PullAsync(reference, platform, cancellationToken);
        }
    }

    /// <summary>The image that a name means: its own, or the one that a further context stands for.</summary>
    internal string ReferenceOf(string name) => ReferenceOf(job.Request, name);

    /// <summary>The same, before anything is built.</summary>
    internal static string ReferenceOf(ImageBuildRequest request, string name) => request.Contexts.TryGetValue(name, out var address) && ImageOf(address) is { } other ? other : name;

    /// <summary>Whether a name stands for a further context that is no image.</summary>
    internal bool IsContext(string name) => job.Request.Contexts.TryGetValue(name, out var address) && ImageOf(address) is null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var context in contexts.Values)
            context.Dispose();
        Fetcher.Dispose();
    }

    private async Task<StoredImage> PullAsync(string reference, ImagePlatform? platform, CancellationToken cancellationToken)
    {
        // An id is no name at any registry.
        if (reference.Length == IdLength && !reference.AsSpan().ContainsAnyExcept("0123456789abcdef") && job.Parts.Storage.FindImage(reference) is { } local)
            return local;
        var request = new ImagePullRequest { Reference = reference, Policy = job.Request.PullPolicy, Platform = platform ?? job.Request.Platform, Registry = job.Request.Registry };
        ContainerImage? image = null;
        await foreach (var progress in job.Parts.Images.PullAsync(request, cancellationToken))
        {
            image = progress.Image ?? image;
            job.Output.TryWrite(new() { Stage = ImageBuildStage.Pulling, Text = reference, Pull = progress });
        }
        return job.Parts.Storage.FindImage(image!.Id) ?? throw EngineErrors.ImageNotFound(reference);
    }

    private BuildContext Context(string name, string address, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (!contexts.TryGetValue(name, out var context))
                contexts[name] = context = BuildContext.Open(BuildFetcher.IsRepository(address) ? Fetcher.Clone(address, job.Session.NewDirectory(), keepHistory: false, cancellationToken) : address);
            return context;
        }
    }

    private static string? ImageOf(string address) =>
        s_imagePrefixes.FirstOrDefault(prefix => address.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix ? address[prefix.Length..] : null;
}

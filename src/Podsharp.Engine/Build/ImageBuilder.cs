using System.Threading.Channels;
using Podsharp.Engine.Build.Sbom;
using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Copying;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Builds images of Containerfiles.</summary>
/// <remarks>The stages are tasks: each waits for those it needs. What a step has led to is recorded at once, as podman does it, with an image that has no
/// name: the next build finds it there, a failed one's too.</remarks>
/// <param name="parts">The engine.</param>
internal sealed class ImageBuilder(EngineParts parts)
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Builds an image.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="archive">The context as a tar; null where the request names it, or there is none.</param>
    /// <param name="output">Gets what there is to tell; the last record holds the image.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">Whatever a Containerfile, a pull, a command or the store can raise.</exception>
    internal async Task BuildAsync(ImageBuildRequest request, Stream? archive, ChannelWriter<ImageBuildProgress> output, CancellationToken cancellationToken)
    {
        List<string> names = [.. request.Names.Select(ImageService.NewName)];
        SharedCache.Check(request);
        ChrootIsolation.Check(request);
        parts.BuildContainers.Sweep(cancellationToken);
        using var session = new BuildSession(parts.BuildContainers);
        var context = await OpenContextAsync(request, request.Input ? null : archive, session, cancellationToken);
        BuildJob job;
        GlobalVariables globals;
        try
        {
            var file = await ReadAsync(request, context, session, output, cancellationToken);
            context.Ignore(request.IgnoreRules, request.Files.Count > 0 ? request.Files[0].Name : null);
            globals = new GlobalVariables(file, request.Arguments, PlatformChoice.Complete(request.Platform), PlatformChoice.Host);
            if (request.From is { } from)
                file = WithBase(file, from);
            job = new BuildJob(parts, session, request, output) { Context = context, File = file, Plan = Plan(request, file, globals), Input = request.Input ? archive : null };
        }
        catch
        {
            context.Dispose();
            throw;
        }
        using (job)
        {
            SbomResult? sbom = null;
            // What is put into the image makes another one of it: that gets the names.
            var image = await BuildStagesAsync(job, globals, request.Sbom is { ImagePath: null, ImagePackagesPath: null } or null ? names : [], cancellationToken);
            if (request.Sbom is { } scan)
                (image, sbom) = await new SbomScanner(parts, job, scan).RunAsync(image, names, cancellationToken);
            foreach (var warning in job.File.Warnings)
                job.Warn(warning);
            if (globals.Unused.Count > 0)
                job.Warn($"one or more build args were not consumed: [{string.Join(' ', globals.Unused)}]");
            foreach (var missing in globals.Missing(job.Plan.Stages))
                job.Warn($"missing {missing} build argument. Try adding --build-arg {missing}=<VALUE> to the command line");
            output.TryWrite(new() { Stage = ImageBuildStage.Done, ImageId = image.Id, Image = parts.Images.ToModel(image), Manifest = Describe(image), Sbom = sbom });
        }
    }

    /// <summary>Brings a context to this host; null for none.</summary>
    /// <param name="request">The build.</param>
    /// <param name="archive">The context as a tar, where it is one.</param>
    /// <param name="session">Has the place for it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its directory.</returns>
    internal async Task<string?> FetchAsync(ImageBuildRequest request, Stream? archive, BuildSession session, CancellationToken cancellationToken)
    {
        using var context = await OpenContextAsync(request, request.Input ? null : archive, session, cancellationToken);
        return context.Source.HostPath;
    }

    /// <summary>The platforms for which all base images of a build are to be had.</summary>
    internal async Task<IReadOnlyList<ImagePlatform>> PlatformsOfBasesAsync(ImageBuildRequest request, BuildSession session, CancellationToken cancellationToken)
    {
        using var context = await OpenContextAsync(request, null, session, cancellationToken);
        var file = await ReadAsync(request, context, session, null, cancellationToken);
        var globals = new GlobalVariables(file, request.Arguments, PlatformChoice.Host, PlatformChoice.Host);
        return await BasePlatforms.FindAsync(parts, request, Plan(request, request.From is { } from ? WithBase(file, from) : file, globals).Stages, cancellationToken);
    }

    private static StagePlan Plan(ImageBuildRequest request, Containerfile file, GlobalVariables globals) =>
        StagePlan.Create(file, request.Target, request.SkipUnusedStages, globals.Value, globals.Given, request.Contexts.Keys.ToHashSet(StringComparer.Ordinal));

    private ContentDescriptor Describe(StoredImage image)
    {
        var bytes = parts.Storage.ReadImageData(image.Id, "manifest");
        return new(ImageManifest.TypeOf(ImageManifest.Parse(bytes, null, image.Id), null), image.Digests is [var only] ? only : ContentDigest.Of(bytes).ToString(), bytes.Length);
    }

    private static Containerfile WithBase(Containerfile file, string image)
    {
        var first = file.Instructions.OfType<FromInstruction>().First();
        return file with { Instructions = [.. file.Instructions.Select(instruction => ReferenceEquals(instruction, first) ? first with { Image = image } : instruction)] };
    }

    private static async Task<StoredImage> BuildStagesAsync(BuildJob job, GlobalVariables globals, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var sources = new BuildSources(job);
        using var places = new SemaphoreSlim(job.Request.Jobs > 0 ? job.Request.Jobs : job.Plan.Stages.Count);
        var tasks = new List<Task<StageResult>>();
        for (var i = 0; i < job.Plan.Stages.Count; i++)
        {
            var stage = job.Plan.Stages[i];
            var number = i + 1;
            var task = Task.Run(() => BuildAsync(job, stage, number, sources, globals, places, number == job.Plan.Stages.Count ? names : null, stop.Token), CancellationToken.None);
            sources.Add(stage.Index, task);
            tasks.Add(task);
        }
        try
        {
            // The first that fails ends the others.
            await foreach (var finished in Task.WhenEach(tasks))
                await finished;
            var image = (await tasks[^1]).Image!;
            await job.Shared.FinishAsync();
            return image;
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(tasks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await job.Shared.AbandonAsync();
        }
    }

    private static async Task<StageResult> BuildAsync(BuildJob job, Stage stage, int number, BuildSources sources, GlobalVariables globals, SemaphoreSlim places,
        IReadOnlyList<string>? names, CancellationToken cancellationToken)
    {
        // One at a time means in their order; then none can wait for one that waits for its place.
        var needs = job.Request.Jobs == 1 ? job.Plan.Stages.Take(number - 1).Select(earlier => earlier.Index) : stage.Dependencies.Order();
        foreach (var needed in needs)
            await sources.StageAsync(needed, cancellationToken);
        await places.WaitAsync(cancellationToken);
        try
        {
            var below = stage.BaseStage is { } index ? await sources.StageAsync(index, cancellationToken) : null;
            var start = below is not null ? below.State with { BaseLayers = below.State.Layers.Count } : await BaseAsync(job, stage, sources, cancellationToken);
            start = start with { Section = WithPath(start.Section) };
            var variables = new BuildVariables(globals, start.Section.Env ?? [], below?.Variables);
            var builder = new StageBuilder(job, stage, sources, variables, (number, job.Plan.Stages.Count), start);
            var (state, image) = await builder.RunAsync(names, cancellationToken);
            return new(state, variables, image);
        }
        finally
        {
            places.Release();
        }
    }

    private static async Task<StageState> BaseAsync(BuildJob job, Stage stage, BuildSources sources, CancellationToken cancellationToken)
    {
        var request = job.Request;
        var platform = PlatformChoice.Complete(stage.Platform is { Length: > 0 } text ? ImagePlatform.Parse(text) : request.Platform);
        List<string> settings = [request.Format.ToString(), request.Timestamp?.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "",
            request.SourceDate?.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "", request.RewriteTimestamp.ToString()];
        if (stage.BaseImage == "scratch" && !request.Contexts.ContainsKey("scratch"))
        {
            return new()
            {
                // As under podman: WORKDIR and USER have something to be relative to.
                Section = new() { WorkingDir = "/" },
                BaseName = "scratch",
                Architecture = platform.Architecture,
                Variant = platform.Variant.Length > 0 ? platform.Variant : null,
                Os = platform.Os,
                Key = BuildCache.Key("scratch", [.. settings, platform.ToString()]),
            };
        }
        if (sources.IsContext(stage.BaseImage))
            throw EngineErrors.Unsupported($"the context {stage.BaseImage} is a directory, and no image to build on", stage.BaseImage, "FROM scratch, and COPY --from it");
        var image = await sources.ImageAsync(stage.BaseImage, stage.Platform is { Length: > 0 } ? platform : null, cancellationToken);
        var file = job.Parts.Images.ReadConfig(image);
        var chain = image.TopLayerId is { } top ? job.Parts.Storage.GetLayerChain(top) : [];
        file.CheckLayers(chain.Count, $"the image {stage.BaseImage}");
        return new()
        {
            Section = (file.Config ?? new()) is var section && request.InheritLabels ? section : section with { Labels = null },
            Author = file.Author,
            Architecture = file.Architecture,
            Variant = file.Variant,
            Os = file.Os,
            OsVersion = file.OsVersion,
            OsFeatures = file.OsFeatures,
            History = file.History ?? [],
            Layers = LayerSizes.Of(job.Parts.Storage, chain, file.DiffIds),
            BaseLayers = chain.Count,
            BaseHistory = file.History?.Count ?? 0,
            TopLayer = image.TopLayerId,
            ImageId = image.Id,
            BaseName = BaseName(sources.ReferenceOf(stage.BaseImage), image),
            BaseId = image.Id,
            BaseDigest = image.Digest,
            Annotations = request.InheritAnnotations && job.Parts.Images.ReadManifest(image)?.Annotations is { } annotations ? annotations : EmptyDictionary.Strings,
            Key = BuildCache.Key("image", [.. settings, image.Id, request.InheritLabels ? "" : "no labels"]),
        };
    }

    // The name by which FROM has found it, not another that it has.
    private static string BaseName(string written, StoredImage image) =>
        image.Names.FirstOrDefault(name => name == written || name.StartsWith(written + ":", StringComparison.Ordinal) || name.EndsWith("/" + written, StringComparison.Ordinal)
            || name.Contains($"/{written}:", StringComparison.Ordinal)) ?? (image.Names.Count > 0 ? image.Names[0] : image.Id);

    // As docker and buildah do: commands are found wherever the image is used.
    private static ImageConfigSection WithPath(ImageConfigSection section) =>
        section.Env?.Any(variable => variable.StartsWith("PATH=", StringComparison.Ordinal)) == true ? section : section with { Env = [DefaultPath, .. section.Env ?? []] };

    private async Task<BuildContext> OpenContextAsync(ImageBuildRequest request, Stream? archive, BuildSession session, CancellationToken cancellationToken)
    {
        if (archive is not null)
            return await UnpackAsync(archive, session.NewDirectory(), cancellationToken);
        if (request.Context is not { Length: > 0 } place)
            return BuildContext.None();
        if (!BuildFetcher.IsAddress(place))
            return BuildContext.Open(place);
        using var fetcher = new BuildFetcher(parts);
        if (BuildFetcher.IsRepository(place))
            return BuildContext.Open(fetcher.Clone(place, session.NewDirectory(), keepHistory: false, cancellationToken));
        var file = session.NewDirectory() + "/archive";
        await fetcher.DownloadAsync(place, file, cancellationToken);
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read);
        return await UnpackAsync(stream, session.NewDirectory(), cancellationToken);
    }

    private static async Task<BuildContext> UnpackAsync(Stream archive, string path, CancellationToken cancellationToken)
    {
        using var root = Files.Open(path, OpenFlags.Directory);
        await ArchiveInput.RunAsync(archive, (input, stop) =>
        {
            using var extractor = new TreeExtractor(root, [], new ExtractOptions { SkipDevices = true });
            extractor.Extract(input, stop);
        }, cancellationToken);
        return BuildContext.Open(path);
    }

    private async Task<Containerfile> ReadAsync(ImageBuildRequest request, BuildContext context, BuildSession session, ChannelWriter<ImageBuildProgress>? output,
        CancellationToken cancellationToken)
    {
        if (request.Files.Count == 0)
        {
            foreach (var name in (string[])["Containerfile", "Dockerfile"])
            {
                if (context.Source.Tree.TryRead(name) is { } bytes)
                    return Containerfile.Parse(System.Text.Encoding.UTF8.GetString(bytes), name);
            }
            throw new ContainerEngineException(ErrorKind.NotFound, "ContainerfileNotFound", "no Containerfile or Dockerfile specified or found in context directory", request.Context,
                "write one, or name it: --file");
        }
        var files = new List<(string, string)>();
        foreach (var file in request.Files)
        {
            var text = file.Text ?? (BuildFetcher.IsHttp(file.Name) ? await DownloadAsync(file.Name, session.NewDirectory() + "/file", cancellationToken) : TextOf(context, file.Name));
            files.Add((file.Name, Preprocessor.Run(parts, file.Name, text, context.Source.HostPath, request.PreprocessorFlags,
                warning => output?.TryWrite(new() { Stage = ImageBuildStage.Warning, Text = warning }), cancellationToken)));
        }
        return Containerfile.Parse(files);
    }

    private async Task<string> DownloadAsync(string address, string path, CancellationToken cancellationToken)
    {
        using var fetcher = new BuildFetcher(parts);
        await fetcher.DownloadAsync(address, path, cancellationToken);
        return await File.ReadAllTextAsync(path, cancellationToken);
    }

    private static string TextOf(BuildContext context, string name) =>
        context.Source.Tree.TryRead(Copying.RawPath.Clean(Copying.RawPath.FromText(name))) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes)
            : throw new ContainerEngineException(ErrorKind.NotFound, "ContainerfileNotFound", $"the context has no {name}", name, "correct the path");
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Build.Sbom;

/// <summary>Scans an image that has been built. A scan is a build itself: the scanner's commands are RUN instructions that see the image and the contexts, and
/// what they write is the result's only layer. So everything that holds for RUN holds for them, a kill included.</summary>
/// <param name="parts">The engine.</param>
/// <param name="job">The build.</param>
/// <param name="sbom">What is asked for.</param>
internal sealed class SbomScanner(EngineParts parts, BuildJob job, SbomRequest sbom)
{
    private const string Scanned = "podsharp-scanned";
    private const string Empty = "podsharp-empty";
    private const string Results = "podsharp-results";
    private const long LargestDocument = 256 * 1024 * 1024;

    /// <summary>Scans the image, and makes one with the results where they are to be in it.</summary>
    /// <param name="image">The image; without a name where it is to be replaced.</param>
    /// <param name="names">The names of the result.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">BuildCommandFailed; DataCorrupt: results can't be merged; what a build raises.</exception>
    internal async Task<(StoredImage Image, SbomResult Result)> RunAsync(StoredImage image, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var contexts = new Dictionary<string, string>(StringComparer.Ordinal) { [Scanned] = "container-image://" + image.Id, [Empty] = job.Session.NewDirectory() };
        var (text, count) = Scan(contexts);
        var scan = await BuildAsync(job.Request with
        {
            Context = job.Context.Source.HostPath,
            IgnoreRules = "",
            Contexts = contexts,
            PullPolicy = job.Request.PullPolicy == PullPolicy.Never ? PullPolicy.Never : PullPolicy.Missing,
            UseCache = false,
            Layers = false,
            Names = [],
            Platform = null,
        }, text, cancellationToken);
        SbomResult result;
        try
        {
            result = SbomDocuments.Merge(sbom.Merge, Read(scan, count));
        }
        finally
        {
            parts.Storage.RemoveImage(scan.Id);
        }
        return sbom is { ImagePath: null, ImagePackagesPath: null } ? (image, result) : (await AddAsync(image, result, names, cancellationToken), result);
    }

    /// <summary>The Containerfile of the scan.</summary>
    private (string Text, int Results) Scan(Dictionary<string, string> contexts)
    {
        var mounts = $"--mount=type=bind,from={Scanned},target=/.rootfs";
        var directories = new List<string>();
        if (job.Context.Source.HostPath is not null)
        {
            mounts += " --mount=type=bind,target=/.context0";
            directories.Add("/.context0");
        }
        foreach (var (name, place) in job.Request.Contexts.Where(context => context.Value.StartsWith('/')))
        {
            contexts[name] = place;
            mounts += string.Create(CultureInfo.InvariantCulture, $" --mount=type=bind,from={name},target=/.context{directories.Count}");
            directories.Add(string.Create(CultureInfo.InvariantCulture, $"/.context{directories.Count}"));
        }
        var file = new StringBuilder($"FROM {sbom.ScannerImage} AS podsharp-scan\nCOPY --from={Empty} --chmod=0777 . /.scans/\n");
        var count = 0;
        foreach (var command in sbom.Commands)
        {
            // A command that speaks of contexts is run for each; one that speaks of nothing that is built scans nothing.
            var places = command.Words.Any(word => word.Contains("{CONTEXT}", StringComparison.Ordinal)) ? directories
                : command.Words.Any(word => word.Contains("{ROOTFS}", StringComparison.Ordinal)) ? ["/.rootfs"] : [];
            foreach (var place in places)
                file.Append(CultureInfo.InvariantCulture, $"RUN {mounts} {Line(command, place, $"/.scans/scan{count++}.json")}\n");
        }
        if (count == 0)
            throw EngineErrors.InvalidArgument("no command of the scanner looks at the image or at a context", null, "write {ROOTFS} or {CONTEXT} where they are to be named");
        file.Append("FROM scratch\nCOPY --from=podsharp-scan /.scans/ /\n");
        return (file.ToString(), count);
    }

    private static string Line(SbomCommand command, string place, string output)
    {
        var words = command.Words.Select(word => word.Replace("{CONTEXT}", place, StringComparison.Ordinal).Replace("{ROOTFS}", place, StringComparison.Ordinal)
            .Replace("{OUTPUT}", output, StringComparison.Ordinal));
        return command.IsForShell ? string.Join(' ', words) : $"[{string.Join(", ", words.Select(word => $"\"{JsonEncodedText.Encode(word)}\""))}]";
    }

    private List<byte[]> Read(StoredImage scan, int count)
    {
        var documents = new List<byte[]>();
        using var root = Files.Open(parts.Storage.GetLayerChain(scan.TopLayerId!)[0].DirectoryPath + "/diff", OpenFlags.Directory);
        for (var i = 0; i < count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"scan{i}.json");
            if (Files.TryOpenConfined(root, name, OpenFlags.ReadOnly | OpenFlags.NonBlocking, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, 0, out var file) != Errno.None)
                throw new ContainerEngineException(ErrorKind.NotFound, "SbomMissing", $"the scanner's command {i + 1} has not written {{OUTPUT}}", null, "see what it says: it is in the build's output");
            using (file)
            {
                var status = Files.Status(file!);
                documents.Add(status.IsRegular && status.Size <= LargestDocument ? Files.ReadToEnd(file!)
                    : throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidSbom", $"what the scanner's command {i + 1} has written is no file, or too large"));
            }
        }
        return documents;
    }

    /// <summary>The image with the results in it: one layer more.</summary>
    private async Task<StoredImage> AddAsync(StoredImage image, SbomResult result, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var directory = job.Session.NewDirectory();
        var file = new StringBuilder($"FROM {Scanned}\n");
        Put(sbom.ImagePath, "sbom", result.Document);
        Put(sbom.ImagePackagesPath, "packages", result.Packages);
        return await BuildAsync(job.Request with
        {
            Context = null,
            Contexts = new Dictionary<string, string>(StringComparer.Ordinal) { [Scanned] = "container-image://" + image.Id, [Results] = directory },
            PullPolicy = PullPolicy.Never,
            Names = [],
        }, file.ToString(), cancellationToken, names);

        void Put(string? path, string name, ReadOnlyMemory<byte> bytes)
        {
            if (path is null)
                return;
            File.WriteAllBytes(Path.Combine(directory, name), bytes.ToArray());
            file.Append(CultureInfo.InvariantCulture, $"COPY --from={Results} --chmod=0644 [\"{name}\", \"{JsonEncodedText.Encode(path.StartsWith('/') ? path : "/" + path)}\"]\n");
        }
    }

    private async Task<StoredImage> BuildAsync(ImageBuildRequest request, string containerfile, CancellationToken cancellationToken, IReadOnlyList<string>? names = null)
    {
        request = request with
        {
            Files = [new BuildFile("Containerfile", containerfile)],
            Names = names ?? [],
            Sbom = null,
            From = null,
            Target = null,
            Arguments = EmptyDictionary.Strings,
            // What a scan finds is no step that anybody could use again.
            CacheFrom = [],
            CacheTo = [],
            Jobs = 1,
        };
        string? id = null;
        await foreach (var progress in ProgressSequence.Of<ImageBuildProgress>((output, stop) => new ImageBuilder(parts).BuildAsync(request, null, output, stop), cancellationToken))
        {
            // Its end is not the build's.
            if (progress.Image is { } image)
                id = image.Id;
            else
                job.Output.TryWrite(progress);
        }
        return parts.Images.Get(id!).Image;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Trust;
using Podsharp.Model;

namespace Podsharp.Engine.Artifacts;

/// <summary>What can be done with artifacts.</summary>
internal sealed class ArtifactService(ArtifactStore store, ConfigurationEnvironment environment, ContainersConf configuration)
{
    private const int BlockSize = 256 * 1024;

    /// <summary>All artifacts.</summary>
    internal IReadOnlyList<ContainerArtifact> List() => [.. store.List().Select(artifact => artifact.ToModel())];

    /// <summary>Everything about one.</summary>
    /// <exception cref="ContainerEngineException">ArtifactNotFound, Ambiguous, DataCorrupt.</exception>
    internal ContainerArtifactDetail Inspect(string nameOrDigest)
    {
        var artifact = store.Get(nameOrDigest);
        return new ContainerArtifactDetail { Artifact = artifact.ToModel(), Manifest = artifact.NeedManifest() };
    }

    /// <summary>Makes an artifact of files, or adds them to one.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; ArtifactExists, ArtifactFileExists, ArtifactNotFound; StorageFull.</exception>
    internal ContainerArtifact Add(ArtifactAddRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        // Seen now rather than after gigabytes were copied; what counts is what is there at the end.
        _ = Begin(request, store.List().FirstOrDefault(artifact => artifact.Name == request.Name));
        using var blobs = store.Stage();
        var layers = TakeFiles(blobs, request.Files, request.FileType, request.Annotations, cancellationToken);
        blobs.Take("{}"u8);
        return store.Commit(request.Name, blobs, before =>
        {
            var manifest = Begin(request, before);
            return ArtifactJson.Write(manifest with { Layers = [.. manifest.Layers, .. layers] });
        }, cancellationToken).ToModel();
    }

    /// <summary>Writes a file of an artifact to a stream, and compares it with its digest.</summary>
    /// <exception cref="ContainerEngineException">ArtifactNotFound; ArtifactFileNotFound; DataCorrupt.</exception>
    internal async Task ReadFileAsync(string nameOrDigest, string file, Stream target, CancellationToken cancellationToken)
    {
        var artifact = store.Get(nameOrDigest);
        var layer = artifact.NeedManifest().Layers.FirstOrDefault(layer => layer.Digest == file)
            ?? throw new ContainerEngineException(ErrorKind.NotFound, "ArtifactFileNotFound", $"no blob with the digest \"{file}\"", nameOrDigest);
        var digest = ContentDigest.Parse(layer.Digest, $"the manifest of {nameOrDigest}");
        using var hash = IncrementalHash.CreateHash(digest.HashName);
        await using var source = await new ArtifactOrigin(store, artifact).OpenBlobAsync(new Descriptor { Digest = layer.Digest, Size = layer.Size }, cancellationToken);
        var block = new byte[BlockSize];
        for (int count; (count = await source.Read(block, cancellationToken)) > 0;)
        {
            hash.AppendData(block, 0, count);
            await target.WriteAsync(block.AsMemory(0, count), cancellationToken);
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != digest.Hex)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch", $"the file {layer} of the artifact {nameOrDigest} does not have the digest {digest} any more", nameOrDigest,
                "remove the artifact and pull it again");
        }
    }

    /// <summary>Removes an artifact.</summary>
    /// <returns>Its digest.</returns>
    /// <exception cref="ContainerEngineException">ArtifactNotFound, Ambiguous.</exception>
    internal string Remove(string nameOrDigest, CancellationToken cancellationToken) => store.Remove(nameOrDigest, cancellationToken).Entry.Digest;

    /// <summary>Fetches an artifact. The last record holds the result.</summary>
    internal IAsyncEnumerable<ImageCopyProgress> PullAsync(ArtifactPullRequest request, CancellationToken cancellationToken) =>
        ProgressSequence.Of<ImageCopyProgress>(async (output, stop) =>
        {
            var source = Named(request.Name);
            var report = new CopyReport(output, request.Name);
            var guard = ImageGuard.Of(SignaturePolicy.Load(environment, request.Registry.SignaturePolicy), PolicyImage.AtRegistry(source));
            await using var origin = await RegistryOrigin.OpenAsync(Access(), source, request.Registry, report.Retrying, stop, RegistriesDirectory.Load(environment));
            origin.Guard = guard;
            await using var target = new ArtifactTarget(store, ImageReference.StripTransport(request.Name));
            await CopyAsync(origin, target, report, source.ToString(), request.Name, stop);
        }, cancellationToken);

    /// <summary>Sends an artifact to a registry. The last record holds the result.</summary>
    internal IAsyncEnumerable<ImageCopyProgress> PushAsync(ArtifactPushRequest request, CancellationToken cancellationToken) =>
        ProgressSequence.Of<ImageCopyProgress>(async (output, stop) =>
        {
            var artifact = store.Get(request.Artifact);
            var target = Named(request.Destination ?? artifact.Name);
            var report = new CopyReport(output, target.ToString());
            await using var origin = new ArtifactOrigin(store, artifact);
            using var connection = await Access().WriteAsync(target, request.Registry, report.Retrying, stop);
            await using var registry = new RegistryTarget(connection, target);
            await CopyAsync(origin, registry, report, artifact.Name, target.ToString(), stop, async copied =>
            {
                if (artifact.NeedManifest().Subject is { } subject)
                {
                    await new ArtifactReferrers(connection, target).RecordAsync(subject.Digest, Referrer(artifact.NeedManifest(), copied), stop);
                }
            });
        }, cancellationToken);

    /// <summary>Sends files to a registry as an artifact about an image there.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; NotFound: the image isn't there; what a registry raises.</exception>
    internal async Task<ContainerArtifactReferrer> AttachAsync(ArtifactAttachRequest request, CancellationToken cancellationToken)
    {
        var image = Named(request.Subject);
        CheckType(request.Type);
        if (request.Files.Count == 0)
        {
            throw EngineErrors.InvalidArgument("an artifact is made of files, and none was given", request.Subject);
        }
        using var connection = await Access().WriteAsync(image, request.Registry, static _ => { }, cancellationToken);
        var subject = await SubjectAsync(connection, image, cancellationToken);
        using var blobs = store.Stage();
        var manifest = New(request.Type, request.Annotations) with
        {
            Layers = TakeFiles(blobs, request.Files, request.FileType, EmptyDictionary.Strings, cancellationToken),
            Subject = subject,
        };
        blobs.Take("{}"u8);
        var writer = new RegistryWriter(connection, image.Path);
        foreach (var (digest, path) in blobs.Paths)
        {
            if (await writer.FindBlobAsync(digest.ToString(), cancellationToken) is null)
            {
                await writer.UploadAsync((write, stop) => ReadAsync(digest, path, write, stop), static _ => { }, cancellationToken);
            }
        }
        var copied = new CopiedManifest(ArtifactJson.Write(manifest), MediaTypes.OciManifest);
        await writer.PutManifestAsync(copied.Digest.ToString(), copied.Bytes, copied.Type, cancellationToken);
        var referrers = new ArtifactReferrers(connection, image);
        var referrer = Referrer(manifest, copied);
        await referrers.RecordAsync(subject.Digest, referrer, cancellationToken);
        return referrers.ToModel(subject.Digest, referrer);
    }

    /// <summary>The artifacts at a registry that are about an image there.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; NotFound: the image isn't there; what a registry raises.</exception>
    internal async Task<IReadOnlyList<ContainerArtifactReferrer>> FindReferrersAsync(ArtifactReferrerQuery query, CancellationToken cancellationToken)
    {
        var image = Named(query.Subject);
        using var connection = await Access().WriteAsync(image, query.Registry, static _ => { }, cancellationToken);
        var subject = image.Digest ?? (await SubjectAsync(connection, image, cancellationToken)).Digest;
        var referrers = new ArtifactReferrers(connection, image);
        return
        [
            .. (await referrers.ListAsync(subject, cancellationToken))
                .Where(entry => query.Type is null || entry.ArtifactType == query.Type)
                .Select(entry => referrers.ToModel(subject, entry)),
        ];
    }

    private static void Check(ArtifactAddRequest request)
    {
        // podman takes any name, and can't list its artifacts any more then.
        if (!ImageReference.TryParse(request.Name, out _, out var problem))
        {
            throw ImageReference.Invalid(request.Name, problem);
        }
        if (request.Append && request.Type is { Length: > 0 })
        {
            throw EngineErrors.InvalidArgument("append option is not compatible with type option", request.Name, "an artifact keeps its type");
        }
        if (request.Append && request.Replace)
        {
            throw EngineErrors.InvalidArgument("--append and --replace options cannot be used together", request.Name);
        }
        if (request.Files.Count == 0)
        {
            throw EngineErrors.InvalidArgument("an artifact is made of files, and none was given", request.Name);
        }
        CheckType(request.Type);
    }

    private static void CheckType(string? type)
    {
        if (type is { Length: > 0 } && (type.Split('/') is not [{ Length: > 0 }, { Length: > 0 }] || type.Any(char.IsWhiteSpace)))
        {
            throw EngineErrors.InvalidArgument($"\"{type}\" is not a media type", type, "write it as application/spdx+json");
        }
    }

    /// <summary>The manifest that files are added to.</summary>
    private static ArtifactManifest Begin(ArtifactAddRequest request, StoredArtifact? before)
    {
        if (!request.Append)
        {
            return before is null || request.Replace ? Checked(New(request.Type, request.Annotations), request) : throw ArtifactErrors.Exists(request.Name);
        }
        return Checked(before?.NeedManifest() ?? throw ArtifactErrors.NotFound(request.Name), request);
    }

    private static ArtifactManifest Checked(ArtifactManifest manifest, ArtifactAddRequest request)
    {
        var titles = manifest.Layers.Select(layer => layer.Title).Where(title => title.Length > 0).ToHashSet(StringComparer.Ordinal);
        if (request.Annotations.TryGetValue(ArtifactDescriptor.TitleAnnotation, out var given))
        {
            return request.Files.Count == 1 && titles.Add(given) ? manifest : throw EngineErrors.InvalidArgument(
                $"duplicate layers {ArtifactDescriptor.TitleAnnotation} labels within an artifact not allowed", given, "add the files one by one, each with its own title");
        }
        foreach (var file in request.Files)
        {
            if (!titles.Add(file.Name))
            {
                throw ArtifactErrors.FileExists(file.Name);
            }
        }
        return manifest;
    }

    private static ArtifactManifest New(string? type, IReadOnlyDictionary<string, string> annotations) => new()
    {
        MediaType = MediaTypes.OciManifest,
        ArtifactType = type ?? "",
        Config = ArtifactBlobs.EmptyConfig,
        Annotations = new Dictionary<string, string>(annotations, StringComparer.Ordinal)
        {
            [StoredArtifact.CreatedAnnotation] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        },
    };

    private static List<ArtifactDescriptor> TakeFiles(ArtifactBlobs blobs, IReadOnlyList<ArtifactFile> files, string? type, IReadOnlyDictionary<string, string> annotations,
        CancellationToken cancellationToken)
    {
        CheckType(type?.Split(';')[0]);
        var layers = new List<ArtifactDescriptor>();
        foreach (var file in files)
        {
            var own = new Dictionary<string, string>(annotations, StringComparer.Ordinal);
            own.TryAdd(ArtifactDescriptor.TitleAnnotation, file.Name);
            layers.Add(blobs.Take(file, string.IsNullOrEmpty(type) ? null : type, own, cancellationToken));
        }
        return layers;
    }

    private async Task CopyAsync(ImageOrigin origin, ImageTarget target, CopyReport report, string source, string destination, CancellationToken cancellationToken,
        Func<CopiedManifest, Task>? then = null)
    {
        var top = await origin.ReadManifestAsync(null, cancellationToken);
        var form = new CopyForm(null, null, null, OnlyThis: false, target.Layers, KeepDigests: true);
        var copy = new ListCopy(origin, target, form, ImageListCopy.System, PlatformChoice.Complete(null), report, configuration.Engine.ImageParallelCopies) { DropSignatures = true };
        var copied = await copy.RunAsync(top, cancellationToken);
        await target.FinishAsync(cancellationToken);
        if (then is not null)
        {
            await then(copied);
        }
        report.Done(new ImageCopyResult
        {
            Source = source,
            Destination = destination,
            Digest = copied.Digest.ToString(),
            SourceDigest = top.Digest.ToString(),
            MediaType = copied.Type,
            Images = copy.Images,
        });
    }

    private static Descriptor Referrer(ArtifactManifest manifest, CopiedManifest copied) => new()
    {
        MediaType = copied.Type,
        Digest = copied.Digest.ToString(),
        Size = copied.Bytes.Length,
        Annotations = manifest.Annotations.Count > 0 ? manifest.Annotations.ToDictionary() : null,
        ArtifactType = manifest.ArtifactType.Length > 0 ? manifest.ArtifactType : manifest.Config.MediaType,
    };

    private static async Task<ArtifactDescriptor> SubjectAsync(RegistryConnection connection, ImageReference image, CancellationToken cancellationToken)
    {
        // The connection stays the caller's, so this reader of it is not disposed of.
        var answer = await new RegistryClient(connection).GetManifestAsync(image.Path, image.ManifestKey, cancellationToken);
        var manifest = ImageManifest.Parse(answer.Bytes, answer.ContentType, image.ToString());
        return new ArtifactDescriptor { MediaType = manifest.Type, Digest = answer.Digest.ToString(), Size = answer.Bytes.Length };
    }

    private static async Task<MadeBlob> ReadAsync(ContentDigest digest, string path, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var block = new byte[BlockSize];
        for (int count; (count = await source.ReadAsync(block, cancellationToken)) > 0;)
        {
            await write(block.AsMemory(0, count), cancellationToken);
        }
        return new MadeBlob(digest, source.Length);
    }

    /// <summary>A name at a registry. Artifacts are not looked for: a short name is docker.io's, as under podman.</summary>
    private static ImageReference Named(string name)
    {
        var reference = ImageReference.Parse(name).WithDefaultTag();
        return reference is not { Tag: not null, Digest: not null } ? reference : throw ImageReference.Invalid(name, "it has a tag and a digest");
    }

    private RegistryAccess Access() => new(environment, configuration, RegistriesConf.Load(environment));
}

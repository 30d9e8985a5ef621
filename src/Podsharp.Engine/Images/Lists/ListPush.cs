using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Lists;

/// <summary>Sends lists of images, with the images that they name, wherever those are.</summary>
/// <remarks>Images first, then the list: it never names what isn't there. The list that is sent names manifests as they are at the destination; the one in the store stays as it is.</remarks>
internal sealed class ListPush(ContainerStorage storage, ImageCatalog catalog, ConfigurationEnvironment environment, ContainersConf configuration, ImageCopier copier)
{
    private const string ZstdAnnotation = "io.github.containers.compression.zstd";

    /// <summary>Sends a list. The last record holds the result.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound: the list or one of its images; NotAManifestList; InvalidArgument, Unauthorized, Network, DataCorrupt, Unsupported.</exception>
    internal IAsyncEnumerable<ImageCopyProgress> PushAsync(ManifestPushRequest request, CancellationToken cancellationToken) =>
        ProgressSequence.Of<ImageCopyProgress>((output, stop) => RunAsync(request, output, stop), cancellationToken);

    private async Task RunAsync(ManifestPushRequest request, ChannelWriter<ImageCopyProgress> output, CancellationToken cancellationToken)
    {
        var (list, name) = new ListStore(storage, catalog).Get(request.Name);
        var content = ListContent.Read(list);
        var destination = Destination(request, name);
        var copy = CopyRequest(request, name ?? list.Id, destination);
        var report = new CopyReport(output, destination.ToString());
        var members = content.Entries.DistinctBy(entry => entry.Digest).ToDictionary(entry => entry.Digest, entry => Open(entry, content, name ?? list.Id, request), StringComparer.Ordinal);
        await using var target = await OpenTargetAsync(destination, copy, report, cancellationToken);
        var form = CopyForm.Choose(copy, target.Image);
        var entries = new List<Descriptor>();
        var copied = new Dictionary<string, CopiedManifest>(StringComparer.Ordinal);
        foreach (var entry in content.Entries)
        {
            if (request.All && !copied.ContainsKey(entry.Digest))
            {
                copied[entry.Digest] = await CopyAsync(entry, members[entry.Digest], target, copy, form, report, cancellationToken);
            }
            entries.Add(copied.TryGetValue(entry.Digest, out var manifest) ? Describe(entry, manifest) : entry);
        }
        foreach (var (entry, compression) in Missing(content, request.AddCompression))
        {
            var other = copy with { Compression = compression, ForceCompression = true };
            var manifest = await CopyAsync(entry, members[entry.Digest], target, other, CopyForm.Choose(other, target.Image), report, cancellationToken);
            entries.Add(Describe(entry, manifest) is var described && compression == ImageCompression.Zstd
                ? described with { Annotations = ListContent.Merge(described.Annotations, new Dictionary<string, string> { [ZstdAnnotation] = "true" }) } : described);
        }
        report.Step(ImageCopyStage.List);
        var sent = await PutAsync(content with { Index = content.Index with { Manifests = entries } }, form.Format, target.Image, cancellationToken);
        await target.Image.FinishAsync(cancellationToken);
        report.Done(new ImageCopyResult
        {
            Source = copy.Source,
            Destination = destination.ToString(),
            Digest = sent.Digest.ToString(),
            SourceDigest = ContentDigest.Of(content.ToBytes()).ToString(),
            MediaType = sent.Type,
            Images = copied.Count + entries.Count - content.Entries.Count,
        });
    }

    private static ImagePlace Destination(ManifestPushRequest request, string? name)
    {
        var text = request.Destination is { Length: > 0 } given ? given : name ?? throw EngineErrors.InvalidArgument(
            $"the list {request.Name} is named by its ID, which says nothing about a registry", request.Name, "give a destination");
        var place = text.Split(':')[0] is "docker" or "oci" or "oci-archive" or "docker-archive" or "dir" or "containers-storage" or "docker-daemon" ? ImagePlace.Parse(text)
            : ImagePlace.Parse("docker://" + text);
        return place.Kind is not (TransportKind.Storage or TransportKind.DockerArchive) ? place
            : throw EngineErrors.Unsupported($"{place} takes no list of images", text, "push it to a registry, or to oci:, oci-archive: or dir:");
    }

    private static ImageCopyRequest CopyRequest(ManifestPushRequest request, string name, ImagePlace destination) => new()
    {
        Source = name,
        Destination = destination.ToString(),
        SourceRegistry = request.Registry,
        DestinationRegistry = request.Registry,
        Format = request.Format,
        Compression = request.Compression,
        CompressionLevel = request.CompressionLevel,
        ForceCompression = request.ForceCompression,
        RemoveSignatures = request.RemoveSignatures,
    };

    private async Task<ListTarget> OpenTargetAsync(ImagePlace place, ImageCopyRequest request, CopyReport report, CancellationToken cancellationToken)
    {
        if (place.Kind != TransportKind.Registry)
        {
            return new(await copier.OpenTargetAsync(place, request, report, cancellationToken), null, null);
        }
        var access = new RegistryAccess(environment, configuration, RegistriesConf.Load(environment));
        var connection = await access.WriteAsync(place.Reference, request.DestinationRegistry, report.Retrying, cancellationToken);
        return new(new RegistryTarget(connection, place.Reference, Trust.RegistriesDirectory.Load(environment)), new RegistryWriter(connection, place.Reference.Path), place.Reference);
    }

    /// <summary>Finds an image of a list before anything is sent.</summary>
    private ListedImage Open(Descriptor entry, ListContent content, string list, ManifestPushRequest request)
    {
        if (content.Places.GetValueOrDefault(entry.Digest) is not { } place)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"the list {list} doesn't tell where its image {entry.Digest} is", list, "remove that image from it, and add it again");
        }
        if (ListPlaces.RegistryName(place) is { } remote)
        {
            return new(null, ImageReference.Parse(remote) with { Tag = null, Digest = entry.Digest });
        }
        var image = ListPlaces.LocalName(place) is { } local ? catalog.FindAny(local)?.Image : null;
        if (image is not null && request is { All: true, RemoveSignatures: false } && image.BigDataNames.Any(key => key.StartsWith("signature", StringComparison.Ordinal)))
        {
            throw Signed(entry.Digest);
        }
        return image is not null && image.Digests.Contains(entry.Digest) ? new(image, null) : throw new ContainerEngineException(ErrorKind.NotFound, "ImageNotFound",
            $"the image {entry.Digest} of the list {list} is not at {place} any more: image not known", entry.Digest, "remove it from the list, or add it again");
    }

    private async Task<CopiedManifest> CopyAsync(Descriptor entry, ListedImage member, ListTarget target, ImageCopyRequest request, CopyForm form, CopyReport report, CancellationToken cancellationToken)
    {
        report.Step(ImageCopyStage.Image, entry.Platform is { } platform ? $"{entry.Digest} ({new ImagePlatform(platform.Os, platform.Architecture, platform.Variant ?? "")})" : entry.Digest);
        if (member.Local is not null && target.Writer is not null)
        {
            return await SendAsync(ImageSource.Open(storage, catalog, member.Local), target, request, report, cancellationToken);
        }
        await using var origin = member.Local is not null ? new StorageOrigin(ImageSource.Open(storage, catalog, member.Local), member.Local.Id)
            : await OpenAsync(member.Remote!, request, report, cancellationToken);
        var answer = await origin.ReadManifestAsync(null, cancellationToken);
        await origin.CheckAsync(answer.Bytes, null, cancellationToken);
        if (ImageManifest.Parse(answer.Bytes, answer.ContentType, origin.Name).IsIndex)
        {
            throw EngineErrors.Unsupported($"{origin.Name} is itself a list of images", origin.Name, "add its images, with --all");
        }
        if (!request.RemoveSignatures && await origin.ReadSignaturesAsync(null, cancellationToken) is { Count: > 0 })
        {
            throw Signed(entry.Digest);
        }
        return await new InstanceCopy(origin, target.Image, form, report, configuration.Engine.ImageParallelCopies).RunAsync(answer, isTop: false, cancellationToken);
    }

    private async Task<ImageOrigin> OpenAsync(ImageReference image, ImageCopyRequest request, CopyReport report, CancellationToken cancellationToken)
    {
        var guard = Trust.ImageGuard.Of(Trust.SignaturePolicy.Load(environment, request.SourceRegistry.SignaturePolicy), Trust.PolicyImage.AtRegistry(image));
        var access = new RegistryAccess(environment, configuration, RegistriesConf.Load(environment));
        // A password is for the registry that it was given for: the destination, if that is one.
        var isMeant = !request.Destination.StartsWith("docker://", StringComparison.Ordinal) || request.Destination.StartsWith($"docker://{image.Domain}/", StringComparison.Ordinal);
        var options = isMeant ? request.SourceRegistry : request.SourceRegistry with { UserName = null, Password = null };
        var origin = await RegistryOrigin.OpenAsync(access, image, options, report.Retrying, cancellationToken, Trust.RegistriesDirectory.Load(environment));
        origin.Guard = guard;
        return origin;
    }

    /// <summary>Sends an image of the store to a registry: what the registry has of its layers stays, in whatever compression.</summary>
    private async Task<CopiedManifest> SendAsync(ImageSource source, ListTarget target, ImageCopyRequest request, CopyReport report, CancellationToken cancellationToken)
    {
        var form = PushForm.Choose(new ImagePushRequest
        {
            Image = source.Image.Id,
            Format = request.Format,
            Compression = request.Compression,
            CompressionLevel = request.CompressionLevel,
            ForceCompression = request.ForceCompression,
        }, source);
        var steps = new StorageCopy.Steps<ImagePushProgress>(step => StorageCopy.Tell(report, step));
        var layers = await new LayerPush(storage, target.Writer!, source, target.Reference!, form, steps, configuration.Engine.ImageParallelCopies).RunAsync(cancellationToken);
        report.Step(ImageCopyStage.Configuration, source.ConfigDigest.ToString());
        if (await target.Writer!.FindBlobAsync(source.ConfigDigest.ToString(), cancellationToken) is null)
        {
            await target.Writer.UploadAsync(source.ConfigBytes, source.ConfigDigest, cancellationToken);
        }
        report.Step(ImageCopyStage.Manifest);
        try
        {
            return await PutAsync(form.Format);
        }
        catch (ContainerEngineException error) when (error.ErrorId == "ManifestRefused" && form.CanChange && layers.All(layer => layer.CanBeIn(form.Other)))
        {
            return await PutAsync(form.Other);
        }

        async Task<CopiedManifest> PutAsync(ImageFormat format)
        {
            var manifest = new CopiedManifest(source.BuildManifest(format, [.. layers.Select(layer => layer.Describe(format))]), MediaTypes.Manifest(format));
            await target.Image.PutManifestAsync(manifest.Bytes, manifest.Type, isTop: false, cancellationToken);
            return manifest;
        }
    }

    private static ContainerEngineException Signed(string digest) =>
        EngineErrors.Unsupported($"the image {digest} has signatures, which can't be sent along with a list", digest, "leave them behind with --remove-signatures");

    private static Descriptor Describe(Descriptor entry, CopiedManifest manifest) =>
        entry with { MediaType = manifest.Type, Digest = manifest.Digest.ToString(), Size = manifest.Bytes.Length };

    /// <summary>The platforms that have no image in a compression yet, each with the one to make it of.</summary>
    private static IEnumerable<(Descriptor Entry, ImageCompression Compression)> Missing(ListContent content, IReadOnlyList<ImageCompression> wanted)
    {
        foreach (var compression in wanted.Distinct())
        {
            foreach (var platform in content.Entries.Where(entry => entry.Platform is not null).GroupBy(entry => Key(entry.Platform!)))
            {
                if (!platform.Any(entry => (entry.Annotations?.GetValueOrDefault(ZstdAnnotation) == "true") == (compression == ImageCompression.Zstd)))
                {
                    yield return (platform.First(), compression);
                }
            }
        }
    }

    private static string Key(PlatformRecord platform) => string.Join('/', platform.Os, platform.Architecture, platform.Variant, platform.OsVersion, string.Join(',', platform.OsFeatures ?? []));

    private static async Task<CopiedManifest> PutAsync(ListContent list, ImageFormat? format, ImageTarget target, CancellationToken cancellationToken)
    {
        var first = format ?? target.OnlyFormat ?? MediaTypes.FormatOf(list.Type);
        try
        {
            return await PutAsync(first);
        }
        catch (ContainerEngineException error) when (error.ErrorId == "ManifestRefused" && format is null && target.MayRefuse)
        {
            return await PutAsync(first == ImageFormat.Oci ? ImageFormat.Docker : ImageFormat.Oci);
        }

        async Task<CopiedManifest> PutAsync(ImageFormat form)
        {
            var bytes = form == ImageFormat.Docker ? ImageManifestJson.WriteDockerList(list.Index) : ImageManifestJson.WriteList(list.Index);
            var manifest = new CopiedManifest(bytes, MediaTypes.Index(form));
            await target.PutManifestAsync(bytes, manifest.Type, isTop: true, cancellationToken);
            return manifest;
        }
    }

    /// <summary>An image of a list: in the store, or at a registry.</summary>
    private sealed record ListedImage(StoredImage? Local, ImageReference? Remote);

    /// <summary>Where a list goes; with a registry, what writes to it and the name there.</summary>
    private sealed record ListTarget(ImageTarget Image, RegistryWriter? Writer, ImageReference? Reference) : IAsyncDisposable
    {
        /// <inheritdoc/>
        public ValueTask DisposeAsync() => Image.DisposeAsync();
    }
}

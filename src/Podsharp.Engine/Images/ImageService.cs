using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images.Archives;
using Podsharp.Engine.Images.Lists;
using Podsharp.Engine.Images.Synchronising;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Everything the engine does with images.</summary>
/// <remarks>It keeps nothing in memory: each call sees the store and the configuration as they are.</remarks>
internal sealed class ImageService(ContainerStorage storage, ConfigurationEnvironment environment, ContainersConf configuration)
{
    private readonly ImageCatalog _catalog = new(storage, environment);

    /// <summary>Finds an image as a user names it; null for none.</summary>
    /// <exception cref="ContainerEngineException">Ambiguous, InvalidReference.</exception>
    internal FoundImage? Find(string nameOrId) => _catalog.Find(nameOrId);

    /// <summary>Work on lists of images.</summary>
    internal ListEditor Lists => field ??= new(storage, _catalog, environment, configuration);

    /// <summary>Finds an image as a user names it; of a list, its image for the platform, the host's when null.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, PlatformNotFound, Ambiguous, InvalidReference.</exception>
    internal FoundImage Get(string nameOrId, ImagePlatform? platform = null) => _catalog.Get(nameOrId, platform);

    /// <summary>Finds an image or a list as a user names it.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, Ambiguous, InvalidReference.</exception>
    internal FoundImage GetAny(string nameOrId) => _catalog.GetAny(nameOrId);

    /// <summary>What containers of an image get, and its platform.</summary>
    internal ImageConfigFile ReadConfig(StoredImage image) => _catalog.ReadConfig(image);

    /// <summary>Looks for images in registries.</summary>
    internal IAsyncEnumerable<ImageSearchResult> SearchAsync(ImageSearchRequest request, CancellationToken cancellationToken) =>
        new ImageSearcher(environment, configuration).FindAsync(request, cancellationToken);

    /// <summary>An image's own manifest; null where it has none.</summary>
    internal ImageManifest? ReadManifest(StoredImage image) => _catalog.ReadManifest(image);

    /// <summary>Refuses an image for another platform than the one that was asked for.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    internal void CheckPlatform(StoredImage image, ImagePlatform wanted)
    {
        var config = _catalog.ReadConfig(image);
        if (!PlatformChoice.Matches(config, PlatformChoice.Complete(wanted)))
            throw new ContainerEngineException(ErrorKind.NotFound, "PlatformNotFound", $"the image {image.Names.FirstOrDefault() ?? image.Id[..12]} is for {config.Os}/{config.Architecture}, not for {wanted}",
                image.Id, "pull the one for that platform");
    }

    /// <summary>An image of the store as others see it.</summary>
    internal ContainerImage ToModel(StoredImage image) => _catalog.ToModel(image);

    /// <summary>Lists images, newest first. Reads the store's index files; configurations only where labels are asked for.</summary>
    internal IReadOnlyList<ContainerImage> List(ImageQuery query) => new ImageList(storage, _catalog).Read(query);

    /// <summary>The full names that a name may stand for when an image is fetched.</summary>
    internal ImageNameResolution Resolve(string name) => new ImagePuller(storage, _catalog, environment, configuration).Resolve(name);

    /// <summary>Fetches an image; the last record holds it.</summary>
    internal IAsyncEnumerable<ImagePullProgress> PullAsync(ImagePullRequest request, CancellationToken cancellationToken) =>
        new ImagePuller(storage, _catalog, environment, configuration).PullAsync(request, cancellationToken);

    /// <summary>Sends an image to a registry; the last record holds the result.</summary>
    internal IAsyncEnumerable<ImagePushProgress> PushAsync(ImagePushRequest request, CancellationToken cancellationToken) =>
        new ImagePusher(storage, _catalog, environment, configuration).PushAsync(request, cancellationToken);

    /// <summary>Sends a list of images; the last record holds the result.</summary>
    internal IAsyncEnumerable<ImageCopyProgress> PushListAsync(ManifestPushRequest request, CancellationToken cancellationToken) =>
        new ListPush(storage, _catalog, environment, configuration, new ImageCopier(storage, _catalog, environment, configuration, CopyDirectory)).PushAsync(request, cancellationToken);

    /// <summary>Copies an image between two places; the last record holds the result.</summary>
    internal IAsyncEnumerable<ImageCopyProgress> CopyAsync(ImageCopyRequest request, CancellationToken cancellationToken) =>
        Copier.CopyAsync(request, cancellationToken);

    /// <summary>Looks at an image where it is.</summary>
    internal Task<RemoteContainerImage> InspectRemoteAsync(RemoteImageRequest request, CancellationToken cancellationToken) => Copier.InspectAsync(request, cancellationToken);

    /// <summary>Removes an image from a registry.</summary>
    internal Task<RemoteImageRemoveResult> RemoveRemoteAsync(RemoteImageRemoveRequest request, CancellationToken cancellationToken) => Copier.RemoveAsync(request, cancellationToken);

    /// <summary>Copies a set of images.</summary>
    internal IAsyncEnumerable<ImageSyncProgress> SynchroniseAsync(ImageSyncRequest request, CancellationToken cancellationToken) =>
        new ImageSynchroniser(Copier, environment, configuration).RunAsync(request, cancellationToken);

    /// <summary>Sends an image to another user or host, or takes one from there.</summary>
    /// <param name="request">Where from and where to.</param>
    /// <param name="executable">This engine's own executable; null where it isn't known.</param>
    /// <param name="isRoot">Whether this engine is root's.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal Task<ImageTransferResult> TransferAsync(ImageTransferRequest request, string? executable, bool isRoot, CancellationToken cancellationToken) =>
        new ImageTransfer(this, environment, executable, isRoot ? "root" : environment.Variable("USER") ?? Environment.UserName, isRoot).SendAsync(request, cancellationToken);

    private ImageCopier Copier => new(storage, _catalog, environment, configuration, CopyDirectory);

    /// <summary>Makes an image of a root file system archive.</summary>
    internal async Task<ContainerImage> ImportAsync(Stream archive, ImageImportRequest request, CancellationToken cancellationToken)
    {
        SignaturePolicy.Load(environment, request.SignaturePolicy)?.CheckUnsigned(PolicyImage.InFiles("tarball", null));
        return _catalog.ToModel(await new ImageImporter(storage).ImportAsync(archive, request, cancellationToken));
    }

    /// <summary>Takes images out of an archive; the last records hold them, one for each name, or one for an image without.</summary>
    internal async Task<IReadOnlyList<ImagePullProgress>> LoadAsync(Stream archive, ImageLoadRequest request, ChannelWriter<ImagePullProgress> output, CancellationToken cancellationToken)
    {
        var loaded = await new ImageLoader(storage, SignaturePolicy.Load(environment, request.SignaturePolicy)).LoadAsync(archive, request, output, cancellationToken);
        return
        [
            .. loaded.SelectMany(item => (item.Names.Count > 0 ? item.Names : ["sha256:" + item.Image.Id])
                .Select(name => new ImagePullProgress { Reference = name, Stage = ImagePullStage.Done, Image = _catalog.ToModel(item.Image) })),
        ];
    }

    /// <summary>Writes images to a stream; the result names them.</summary>
    internal Task<IReadOnlyList<FoundImage>> SaveAsync(ImageSaveRequest request, Stream target, ChannelWriter<ImageSaveProgress> output, CancellationToken cancellationToken) =>
        new ImageSaver(storage, _catalog, CopyDirectory).SaveAsync(request, target, output, cancellationToken);

    /// <summary>Where blobs wait whose digest isn't known yet.</summary>
    private string CopyDirectory => configuration.Engine.ImageCopyDirectory switch
    {
        "storage" => storage.Configuration.GraphRoot,
        { } directory => directory,
        null => environment.Variable("TMPDIR") is { Length: > 0 } directory ? directory : environment.SystemPath("/var/tmp"),
    };

    /// <summary>Everything about an image.</summary>
    internal ContainerImageDetail Inspect(string nameOrId)
    {
        var image = _catalog.Get(nameOrId).Image;
        var config = _catalog.ReadConfig(image);
        var manifest = _catalog.ReadManifest(image);
        var layers = image.TopLayerId is { } top ? storage.GetLayerChain(top) : [];
        var section = config.ToModel();
        return new ContainerImageDetail
        {
            Image = _catalog.ToModel(image) with { Labels = section.Labels },
            Config = section,
            Architecture = config.Architecture ?? "",
            Os = config.Os ?? "",
            Variant = config.Variant ?? "",
            Author = config.Author ?? "",
            Comment = config.Comment is { Length: > 0 } comment ? comment : config.History?.LastOrDefault()?.Comment ?? "",
            DockerVersion = config.DockerVersion ?? "",
            ManifestType = manifest?.Type ?? "",
            DiffIds = config.DiffIds,
            LayerIds = [.. layers.Select(layer => layer.Id).Reverse()],
            LayerDirectories = [.. layers.Select(layer => layer.DirectoryPath + "/diff")],
            History = [.. (config.History ?? []).OfType<HistoryRecord>().Select(LayerHistory.ToModel)],
            Annotations = manifest?.Annotations ?? EmptyDictionary.Strings,
            NamesHistory = image.NamesHistory,
        };
    }

    /// <summary>An image's history, the last step first.</summary>
    internal IReadOnlyList<ImageHistoryEntry> History(string nameOrId) => new LayerHistory(storage, _catalog).Read(_catalog.Get(nameOrId).Image);

    /// <summary>An image's layers, the lowest first; or its top layer and what stands on it.</summary>
    internal IReadOnlyList<ImageLayer> Layers(string nameOrId, bool dependents)
    {
        var (image, history) = (_catalog.Get(nameOrId).Image, new LayerHistory(storage, _catalog));
        return dependents ? history.Dependents(image) : history.Layers(image);
    }

    /// <summary>Gives an image a further name, taking it from another image if need be.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, InvalidReference; Unsupported for a name with a digest.</exception>
    internal ContainerImage Tag(string nameOrId, string name)
    {
        var image = _catalog.GetAny(nameOrId).Image;
        var reference = LocalName(name);
        if (reference.Digest is not null)
        {
            throw ImageReference.Invalid(name, "a name to give can't have a digest");
        }
        return _catalog.ToModel(storage.SetImageNames(image.Id, [reference.StoredName], []));
    }

    /// <summary>Takes names from an image; all of them when none is given.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound; ImageNameNotFound for a name it doesn't have.</exception>
    internal ContainerImage Untag(string nameOrId, IReadOnlyList<string> names)
    {
        var image = _catalog.GetAny(nameOrId).Image;
        var remove = names.Count == 0 ? image.Names : [.. names.Select(name => NameOf(image, name))];
        return _catalog.ToModel(storage.SetImageNames(image.Id, [], remove));
    }

    /// <summary>Removes a name, and with the last one the image.</summary>
    /// <param name="nameOrId">The image. By id or digest all its names go, which has to be forced where there are several.</param>
    /// <param name="force">Also removes the containers that use it.</param>
    /// <param name="keepParents">Leaves the unnamed images that it was made from.</param>
    /// <param name="removeContainer">Removes a container for good; called with force only.</param>
    /// <param name="cancellationToken">Stops between two removals.</param>
    /// <exception cref="ContainerEngineException">ImageNotFound; ImageInUse, which names the containers; ImageHasNames.</exception>
    internal async Task<ImageRemoveResult> RemoveAsync(string nameOrId, bool force, bool keepParents, Func<StoredContainer, CancellationToken, Task> removeContainer,
        CancellationToken cancellationToken)
    {
        var (image, name) = _catalog.GetAny(nameOrId);
        var isNamed = name is not null && image.Names.Contains(name);
        if (isNamed && image.Names.Count > 1)
        {
            storage.SetImageNames(image.Id, [], [name!]);
            return new ImageRemoveResult(image.Id, [name!], false);
        }
        if (!isNamed && image.Names.Count > 1 && !force)
        {
            throw new ContainerEngineException(ErrorKind.Ambiguous, "ImageHasNames",
                $"the image {image.Id[..12]} has several names ({string.Join(", ", image.Names)})", image.Id,
                "remove it by name, or with force to remove it with all of them");
        }
        if (force)
        {
            foreach (var container in storage.ListContainers().Where(container => container.ImageId == image.Id)
                .Concat(storage.Mounters(image.Id)).DistinctBy(container => container.Id))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await removeContainer(container, cancellationToken);
            }
        }
        var config = keepParents ? null : TryReadConfig(image);
        var removal = storage.RemoveImage(image.Id);
        return new ImageRemoveResult(image.Id, removal.RemovedNames, true) { Parents = config is null ? [] : RemoveParents(config) };
    }

    /// <summary>The unnamed images that a removed one was made from, one after the other, as long as nothing else needs them.</summary>
    private List<string> RemoveParents(ImageConfigFile config)
    {
        var removed = new List<string>();
        var parents = new ImageParents(storage, _catalog);
        try
        {
            for (var next = config; parents.FindForsaken(next) is { } parent;)
            {
                next = _catalog.ReadConfig(parent);
                removed.Add(storage.RemoveImage(parent.Id).ImageId);
            }
        }
        catch (ContainerEngineException error) when (error.Kind is ErrorKind.InUse or ErrorKind.NotFound or ErrorKind.DataCorrupt)
        {
            // Somebody came to use it, or was quicker: what was asked for is done.
        }
        return removed;
    }

    private ImageConfigFile? TryReadConfig(StoredImage image)
    {
        try
        {
            return _catalog.ReadConfig(image);
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.DataCorrupt)
        {
            return null; // a damaged image must be removable
        }
    }

    /// <summary>The full form of a name that a new image is to have.</summary>
    /// <exception cref="ContainerEngineException">InvalidReference: it is none, or has a digest.</exception>
    internal static string NewName(string text)
    {
        var reference = LocalName(text);
        return reference.Digest is null ? reference.StoredName : throw ImageReference.Invalid(text, "a name to give can't have a digest");
    }

    /// <summary>The full name under which a user's own image is kept: a short one belongs to <c>localhost</c>.</summary>
    internal static ImageReference LocalName(string name)
    {
        var reference = ImageReference.Parse(name).WithDefaultTag();
        return ImageReference.IsShort(name)
            ? ImageReference.Parse("localhost/" + ImageReference.Split(ImageReference.StripTransport(name)).Name) with { Tag = reference.Tag, Digest = reference.Digest }
            : reference;
    }

    /// <summary>The name of an image that a user's shorter one stands for.</summary>
    private string NameOf(StoredImage image, string name)
    {
        if (image.Names.Contains(name))
        {
            return name;
        }
        var candidates = ShortNames.LocalCandidates(name, RegistriesConf.Load(environment)).Select(candidate => candidate.StoredName);
        return candidates.Append(ImageReference.Parse(name).StoredName).FirstOrDefault(image.Names.Contains)
            ?? throw new ContainerEngineException(ErrorKind.NotFound, "ImageNameNotFound", $"{name}: the image {image.Id[..12]} has no such name", name,
                image.Names.Count == 0 ? "it has no name at all" : $"it has {string.Join(", ", image.Names)}");
    }
}

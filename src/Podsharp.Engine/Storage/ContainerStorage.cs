using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>The image and container store shared with podman, buildah and skopeo (containers/storage, overlay driver).</summary>
/// <remarks>
/// Opening is free: nothing is read or made before it is needed. Every read looks at the files again, which costs some system calls
/// while nobody has changed them. All methods are synchronous, take locks for milliseconds and may be called from any thread.
/// Locks are always taken in the order layers, mount counts, images, containers.
/// </remarks>
internal sealed partial class ContainerStorage : IDisposable
{
    private readonly StoreLayout layout;
    private readonly LayerStore layers;
    private readonly ImageStore images;
    private readonly ContainerStore containers;
    private readonly LayerMounts mounts;

    private ContainerStorage(StorageConfiguration configuration)
    {
        Configuration = configuration;
        layout = new StoreLayout(configuration);
        layers = new LayerStore(configuration, layout) { SettleCondemned = SettleCondemned };
        images = new ImageStore(configuration, layout);
        containers = new ContainerStore(configuration, layout);
        mounts = new LayerMounts(configuration, layers);
    }

    /// <summary>Which store this is.</summary>
    internal StorageConfiguration Configuration { get; }

    /// <summary>Containers that use an image and whose records in the store don't say so: they mount it.</summary>
    internal Func<string, IReadOnlyList<StoredContainer>> Mounters { get; init; } = static _ => [];

    /// <summary>Opens a store; one that doesn't exist yet is empty and is made by the first write.</summary>
    internal static ContainerStorage Open(StorageConfiguration configuration) => new(configuration);

    /// <summary>Opens a store beside which somebody knows of containers that mount images.</summary>
    internal static ContainerStorage Open(StorageConfiguration configuration, Func<string, IReadOnlyList<StoredContainer>> mounters) =>
        new(configuration) { Mounters = mounters };

    /// <summary>The id of a layer with known content.</summary>
    internal static string ComputeLayerId(string? parentId, string diffId) => LayerId.Compute(parentId, diffId);

    // ---- images ----

    /// <summary>All images.</summary>
    internal IReadOnlyList<StoredImage> ListImages() => images.Read();

    /// <summary>The image with this id, unique beginning of an id, or normalised full reference; null when there is none.</summary>
    /// <exception cref="ContainerEngineException">The beginning fits several images (Ambiguous).</exception>
    internal StoredImage? FindImage(string idOrPrefixOrFullName) => images.Find(idOrPrefixOrFullName);

    /// <summary>The images that have a manifest (or index) with this digest ("sha256:...").</summary>
    internal IReadOnlyList<StoredImage> FindImagesByDigest(string digest) =>
        [.. images.Read().Where(image => image.Digests.Contains(digest))];

    /// <summary>One of an image's data items: "manifest", "manifest-sha256:...", or the config under "sha256:...".</summary>
    /// <exception cref="ContainerEngineException">There is no such image (NotFound), or the item is missing or damaged (DataCorrupt).</exception>
    internal byte[] ReadImageData(string imageId, string key) =>
        ImageStore.ReadData(images.Find(imageId) ?? throw EngineErrors.ImageNotFound(imageId), key);

    /// <summary>Records an image with the layers that were unpacked for it, the lower ones first; those that are there already are reused.
    /// Names are taken from their old owner in the same write; an image that is there already gets the names and data added.</summary>
    /// <remarks>For everybody else image and layers appear at once: a layer without an image would go with the next image that is
    /// removed and has it, too. Should we die in between, our flag on the layers tells the next writer that they have no image.</remarks>
    /// <returns>The image as it is then.</returns>
    /// <exception cref="ContainerEngineException">A layer that was counted on was removed meanwhile (LayerMissing): bring it, too. A
    /// layer has another content than promised (LayerDigestMismatch).</exception>
    internal StoredImage CommitImage(IReadOnlyList<(LayerStaging Staging, LayerCommit Commit)> staged, ImageCommit image)
    {
        StoredImage recorded;
        using (var layerWriting = layers.BeginWrite())
        {
            using var layerAddition = layerWriting.PrepareAddition(staged);
            if (image.TopLayerId is { } top && !layerAddition.Has(top) && layers.Find(layerWriting.Snapshot, top) is null)
                throw LayerStore.Missing(top);
            using var imageWriting = images.BeginWrite();
            using var imageAddition = images.Prepare(imageWriting, image);
            FileBatch.Sync([.. layerAddition.Files, .. imageAddition.Files]);
            layerAddition.Place();
            imageAddition.Apply();
            layerAddition.Keep();
            recorded = imageAddition.Image;
        }
        Recover();
        return recorded;
    }

    /// <summary>Adds and removes names of an image.</summary>
    /// <returns>The image as it is then.</returns>
    internal StoredImage SetImageNames(string imageId, IReadOnlyList<string> add, IReadOnlyList<string> remove) =>
        images.SetNames(imageId, add, remove);

    /// <summary>Removes an image with its names and those of its layers that nothing else needs.</summary>
    /// <exception cref="ContainerEngineException">There is no such image (NotFound), or a container uses it (InUse).</exception>
    internal ImageRemoval RemoveImage(string imageId)
    {
        if (Mounters(imageId) is { Count: > 0 } mounters)
            throw ImageInUse(imageId, mounters);
        var removal = RemoveImageRecords(imageId);
        Recover();
        return removal;
    }

    private ImageRemoval RemoveImageRecords(string imageId)
    {
        using var layerWriting = layers.BeginWrite();
        var mounted = mounts.ReadMounted();
        using var imageWriting = images.BeginWrite();
        using var containerReading = containers.BeginRead();
        var image = imageWriting.Snapshot.Find(imageId) ?? throw images.NotChangeable(imageId);
        var users = containerReading.Snapshot.Records.Where(container => container.ImageId == imageId).ToList();
        if (users.Count > 0)
            throw ImageInUse(imageId, users);
        var others = imageWriting.Snapshot.Records.Where(other => other.Id != imageId).ToList();
        var unused = FindUnusedLayers(image, others, layerWriting.Snapshot, containerReading.Snapshot, mounted);
        using var imageSave = imageWriting.Prepare(others);
        using var condemnation = layerWriting.PrepareCondemned(unused);
        using var removal = layerWriting.PrepareRemoval(unused);
        removal.Sync(imageSave.Files, condemnation.Files);
        condemnation.Apply();
        StepPoints.Reach("storage.image.layers-condemned");
        imageSave.Apply();
        StepPoints.Reach("storage.image.dropped");
        removal.Mark();
        StepPoints.Reach("storage.image.layers-marked");
        Files.RemoveTree(image.DirectoryPath);
        removal.Finish();
        return new ImageRemoval(imageId, image.Names, unused);
    }

    // The removal of an image was cut short: either the image is still there, then so are its layers, or they go now.
    private void SettleCondemned(LayerWriting writing)
    {
        var mounted = mounts.ReadMounted();
        var imageRecords = images.Read();
        using var containerReading = containers.BeginRead();
        var used = imageRecords.Select(image => image.TopLayerId).Concat(imageRecords.SelectMany(image => image.MappedLayerIds))
            .Concat(containerReading.Snapshot.Records.Select(container => container.LayerId)).OfType<string>().Concat(mounted).ToHashSet();
        var condemned = writing.Snapshot.Records.Where(layer => layer.IsCondemned && !used.Contains(layer.Id)).ToList();
        var unused = new HashSet<string>();
        // From the top down: a layer can go when all that stands on it goes.
        while (condemned.RemoveAll(layer =>
            writing.Snapshot.Records.All(child => child.ParentId != layer.Id || unused.Contains(child.Id)) && unused.Add(layer.Id)) > 0)
        {
        }
        using (var remaining = writing.PrepareCondemned(unused))
            remaining.Apply();
        using var removal = writing.PrepareRemoval(unused);
        removal.Mark();
        removal.Finish();
    }

    private static ContainerEngineException ImageInUse(string imageId, IReadOnlyList<StoredContainer> users)
    {
        var names = string.Join(", ", users.Take(5).Select(container => container.Names.FirstOrDefault() ?? container.Id[..12]));
        return new ContainerEngineException(ErrorKind.InUse, "ImageInUse",
            $"the image {imageId[..12]} is in use by {(users.Count == 1 ? "the container" : "the containers")} {names}", imageId,
            "remove them first, or remove the image with force");
    }

    // From the top down as long as nothing else stands on a layer.
    private static List<string> FindUnusedLayers(StoredImage image, List<StoredImage> others, StoreSnapshot<StoredLayer> layers,
        StoreSnapshot<StoredContainer> containers, IReadOnlyCollection<string> mounted)
    {
        var used = others.Select(other => other.TopLayerId).Concat(others.SelectMany(other => other.MappedLayerIds))
            .Concat(containers.Records.Select(container => container.LayerId)).OfType<string>().Concat(mounted).ToHashSet();
        var unused = new List<string>();
        bool IsUnused(string id) => layers.Find(id) is not null && !used.Contains(id)
            && !layers.Records.Any(layer => layer.ParentId == id && !unused.Contains(layer.Id));
        unused.AddRange(image.MappedLayerIds.Where(IsUnused));
        for (var id = image.TopLayerId; id is not null && IsUnused(id); id = layers.Find(id)!.ParentId)
            unused.Add(id);
        return unused;
    }

    /// <summary>Mounts an image's root, to be read only.</summary>
    /// <returns>Where.</returns>
    internal string MountImage(StoredImage image) => mounts.MountReadOnly(TopLayerOf(image));

    /// <summary>Takes back one <see cref="MountImage"/>, or all.</summary>
    /// <returns>Whether it is unmounted now.</returns>
    internal bool UnmountImage(StoredImage image, bool force) => mounts.Unmount(TopLayerOf(image), force);

    /// <summary>Where an image's root is mounted, or null.</summary>
    internal string? MountedPath(StoredImage image) => image.TopLayerId is { } top && !image.IsReadOnly ? mounts.MountedPath(top) : null;

    private static string TopLayerOf(StoredImage image) => image.TopLayerId
        ?? throw EngineErrors.Unsupported($"the image {image.Id[..12]} has no layer that could be mounted", image.Id);

    // ---- layers ----

    /// <summary>The layer with this id, or null.</summary>
    internal StoredLayer? FindLayer(string layerId) => layers.Find(layerId);

    /// <summary>All layers.</summary>
    internal IReadOnlyList<StoredLayer> ListLayers() => layers.Read();

    /// <summary>A layer and those below it, the top first.</summary>
    internal IReadOnlyList<StoredLayer> GetLayerChain(string topLayerId) => layers.GetChain(topLayerId);

    /// <summary>The bytes of an image's layers and data by what the records say, or null where a record doesn't say, or is gone.</summary>
    internal long? GetImageSize(StoredImage image)
    {
        var size = image.BigDataSizes.Values.Sum();
        for (var id = image.TopLayerId; id is not null;)
        {
            if (layers.Find(id) is not { DiffSize: >= 0 } layer)
                return null;
            size += layer.DiffSize.Value;
            id = layer.ParentId;
        }
        return size;
    }

    /// <summary>A private directory for what isn't in the store yet, from where it can be moved into containers' directories: the driver's own has a mount on
    /// it as long as a container runs. Dispose it in any case.</summary>
    internal StagingDirectory BeginFiles()
    {
        layout.PrepareForWriting();
        return StagingDirectory.Create(Configuration.GraphRoot + "/overlay-layers/tmp");
    }

    /// <summary>Begins a layer: a private directory to unpack into. Dispose it in any case.</summary>
    internal LayerStaging BeginLayer()
    {
        layout.PrepareForWriting();
        return new LayerStaging(Configuration);
    }

    // ---- containers ----

    /// <summary>All containers, whoever made them.</summary>
    internal IReadOnlyList<StoredContainer> ListContainers() => containers.Read();

    /// <summary>The container with this full id, or null.</summary>
    internal StoredContainer? FindContainer(string id) => containers.Find(id);

    /// <summary>Makes a container's read-write layer, its directories and its record.</summary>
    /// <returns>The labels that it has.</returns>
    /// <exception cref="ContainerEngineException">The name or id is taken (NameInUse), or there is no such image (NotFound).</exception>
    internal SELinuxLabels CreateContainer(ContainerLayerRequest request)
    {
        var layerId = LayerId.OfContainer(request.Id);
        using (var layerWriting = layers.BeginWrite())
        {
            var image = request.ImageId is null ? null
                : images.Read().FirstOrDefault(image => image.Id == request.ImageId) ?? throw EngineErrors.ImageNotFound(request.ImageId);
            using var containerWriting = containers.BeginWrite();
            ContainerStore.CheckFree(containerWriting.Snapshot, request);
            if (request.ChooseLabels is { } choose)
                request = request with { Labels = choose(Levels(layerWriting.Snapshot)) };
            if (layerWriting.Snapshot.Find(layerId) is not null)
                RemoveLayer(layerWriting, layerId); // left by a kill between the two records
            using var save = containerWriting.Prepare([.. containerWriting.Snapshot.Records, ContainerStore.NewRecord(request, layerId)]);
            layerWriting.AddContainerLayer(layerId, image?.TopLayerId, request, save.Files);
            save.Apply();
        }
        StepPoints.Reach("storage.container.recorded");
        containers.MakeDirectories(request.Id);
        return request.Labels;
    }

    // Of all containers, podman's too.
    private static HashSet<string> Levels(StoreSnapshot<StoredLayer> layers) =>
        [.. layers.Records.Select(layer => layer.MountLabel).OfType<string>().Select(label => label.Split(':', 4).ElementAtOrDefault(3)).OfType<string>()];

    /// <summary>Gives a container another name, and its layer the one that goes with it. One without a record is left alone.</summary>
    /// <exception cref="ContainerEngineException">Another container has the name (NameInUse).</exception>
    internal void RenameContainer(string containerId, string name, string metadataJson)
    {
        using var layerWriting = layers.BeginWrite();
        using var containerWriting = containers.BeginWrite();
        if (containerWriting.Snapshot.Find(containerId) is not { } record)
            return;
        ContainerStore.CheckNameFree(containerWriting.Snapshot, containerId, name);
        var renamed = record with
        {
            Names = [name],
            Metadata = metadataJson,
            Raw = RecordEditor.Set(record.Raw, ("names", RecordEditor.Array([name])),
                ("metadata", RecordEditor.Write(writer => writer.WriteStringValue(metadataJson)))),
        };
        using var save = containerWriting.Prepare([.. containerWriting.Snapshot.Records.Select(other => other.Id == containerId ? renamed : other)]);
        using var layerSave = layerWriting.PrepareName(record.LayerId, name + "-layer");
        FileBatch.Sync([layerSave.Files, save.Files]);
        layerSave.Apply();
        StepPoints.Reach("storage.container.layer-renamed");
        save.Apply();
    }

    /// <summary>Mounts a container's root.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="below">The directory below a layer without parent; null for none.</param>
    /// <returns>The merged directory.</returns>
    internal string Mount(string containerId, string? below = null)
    {
        var container = containers.Find(containerId) ?? throw EngineErrors.ContainerNotFound(containerId);
        containers.MakeDirectories(containerId); // a reboot has cleared one of them
        return mounts.Mount(container.LayerId, container.IsVolatile, below);
    }

    /// <summary>Takes back one <see cref="Mount"/>. A container that isn't there (any more) is fine.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="force">Unmount however often it was mounted.</param>
    /// <returns>Whether it is unmounted now.</returns>
    internal bool Unmount(string containerId, bool force) =>
        mounts.Unmount(LayerOf(containerId), force);

    /// <summary>Where a container's root is mounted, or null.</summary>
    internal string? MountedPath(string containerId) => mounts.MountedPath(LayerOf(containerId));

    /// <summary>How often a container's root is mounted, as far as is known.</summary>
    internal int CountMounts(string containerId) => mounts.Count(LayerOf(containerId));

    /// <summary>Whether somebody counts a layer as mounted.</summary>
    internal bool IsLayerMounted(string layerId) => mounts.Count(layerId) > 0;

    /// <summary>Opens a container's root if it is mounted; else null.</summary>
    internal SafeFileHandle? TryOpenMounted(string containerId) => mounts.TryOpenMounted(LayerOf(containerId));

    /// <summary>Opens a container's root by a mount that nobody else sees and that ends with the handle.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="below">What is below it where there is no image.</param>
    /// <param name="readOnly">Whether it is only looked at. If not, the caller sees to it that nobody mounts it otherwise meanwhile.</param>
    internal MountedDirectory OpenPrivately(string containerId, string? below, bool readOnly)
    {
        var container = containers.Find(containerId) ?? throw EngineErrors.ContainerNotFound(containerId);
        return mounts.OpenPrivately(container.LayerId, container.IsVolatile, below, readOnly);
    }

    /// <summary>Opens the files of a layer and those below it, to be looked at, in the same way.</summary>
    internal MountedDirectory OpenLayerPrivately(string layerId) => mounts.OpenPrivately(layerId, isVolatile: false, below: null, readOnly: true);

    private string LayerOf(string containerId) => containers.Find(containerId)?.LayerId ?? LayerId.OfContainer(containerId);

    /// <summary>Unmounts and removes a container's record, layer and directories. What is gone already is fine, so that a removal that
    /// was killed, or that somebody else began, can be finished by calling this again.</summary>
    internal void RemoveContainer(string containerId)
    {
        Unmount(containerId, force: true);
        using (var layerWriting = layers.BeginWrite())
        using (var containerWriting = containers.BeginWrite())
        {
            var record = containerWriting.Snapshot.Find(containerId);
            var layerId = record?.LayerId ?? LayerId.OfContainer(containerId);
            if (record is not null)
                DropContainer(containerWriting, layerWriting, containerId, layerId);
            else if (layerWriting.Snapshot.Find(layerId) is not null)
                RemoveLayer(layerWriting, layerId);
        }
        StepPoints.Reach("storage.container.dropped");
        containers.RemoveDirectories(containerId);
    }

    /// <summary>A container's directory that a reboot keeps: its log.</summary>
    internal string StaticDirectory(string containerId) => containers.StaticDirectory(containerId);

    /// <summary>A container's directory that a reboot clears: the bundle of its run and all that conmon puts there.</summary>
    internal string RunDirectory(string containerId) => containers.RunDirectory(containerId);

    private static void DropContainer(StoreFile<StoredContainer>.StoreWriting containerWriting, LayerWriting layerWriting,
        string containerId, string layerId)
    {
        var hasLayer = layerWriting.Snapshot.Find(layerId) is not null;
        if (layerWriting.Snapshot.Records.FirstOrDefault(layer => layer.ParentId == layerId) is { } child)
            throw new ContainerEngineException(ErrorKind.InUse, "LayerInUse", $"the layer {child.Id} is based on the container {containerId}",
                containerId, "remove what uses that layer first");
        using var save = containerWriting.Prepare([.. containerWriting.Snapshot.Records.Where(other => other.Id != containerId)]);
        using var removal = layerWriting.PrepareRemoval(hasLayer ? [layerId] : []);
        removal.Sync(save.Files);
        save.Apply();
        StepPoints.Reach("storage.container.unrecorded");
        removal.Mark();
        StepPoints.Reach("storage.container.layer-marked");
        removal.Finish();
    }

    private static void RemoveLayer(LayerWriting writing, string layerId)
    {
        using var removal = writing.PrepareRemoval([layerId]);
        removal.Mark();
        removal.Finish();
    }

    // ---- upkeep ----

    /// <summary>What killed processes left in the store, without touching it.</summary>
    internal IReadOnlyList<string> FindLeftovers() => Recovery().Find();

    /// <summary>Removes one of them, if it is still one.</summary>
    /// <returns>Whether it was.</returns>
    internal bool RemoveLeftover(string path) => Recovery().Run(path);

    // After every change of an image: it costs next to nothing beside that. Half-made layers and removals that were cut short are dealt
    // with earlier, by whoever takes the layers' lock; this is about files without a record. What can't be removed (a file that somebody
    // made immutable) is no failure of what the caller did, and the next will try it again.
    private void Recover()
    {
        try
        {
            Recovery().Run();
        }
        catch (ContainerEngineException)
        {
        }
    }

    private StoreRecovery Recovery() => new(Configuration, layers, images, containers);

    /// <summary>Rebuilds a layer's tar from its files and tar-split and compares size and digest with the record.</summary>
    /// <exception cref="ContainerEngineException">They differ, or a file is missing (DataCorrupt).</exception>
    internal void VerifyLayer(string layerId)
    {
        var layer = layers.Find(layerId) ?? throw LayerStore.Missing(layerId);
        using var tar = OpenLayerTar(layerId);
        var (digest, size) = TarSplitStream.Digest(tar);
        if (layer.DiffDigest != digest || layer.DiffSize != size)
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "LayerCorrupt",
                $"the layer {layerId} no longer has the content it was stored with", layerId, "remove and pull its images again");
    }

    /// <summary>The layer's tar, byte for byte as it was stored.</summary>
    internal Stream OpenLayerTar(string layerId)
    {
        var layer = layers.Find(layerId) ?? throw LayerStore.Missing(layerId);
        return TarSplitStream.Open($"{layer.StoreRoot}/overlay-layers/{layerId}.tar-split.gz", layer.DirectoryPath + "/diff");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // No lock outlives a call, so there is nothing to let go; callers may hold a store with "using" all the same.
    }
}

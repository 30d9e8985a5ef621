using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>Finds and removes what killed processes left: stale staging, half-made layers, files without a record.</summary>
/// <remarks>Everything a living process is making is either in a staging directory whose lock it holds, or covered by a lock that
/// is held here; so what has no record now belongs to nobody.</remarks>
internal sealed class StoreRecovery(StorageConfiguration configuration, LayerStore layers, ImageStore images, ContainerStore containers,
    LayerMounts mounts)
{
    // podman system check has the same patience: a layer may be waiting for its image, or for its container.
    private static readonly TimeSpan s_orphanAge = TimeSpan.FromHours(24);
    private readonly List<string> found = [];

    /// <summary>Looks, and removes unless told not to.</summary>
    /// <param name="dryRun">Only look.</param>
    /// <param name="withOrphans">Also layers that no image and no container has used for a day.</param>
    /// <returns>The paths.</returns>
    internal IReadOnlyList<string> Run(bool dryRun, bool withOrphans)
    {
        var root = configuration.GraphRoot;
        if (Files.TryStatus(root + "/overlay-layers") is null)
            return found;
        found.AddRange(StagingDirectory.RemoveStale(configuration.DriverRoot + "/tempdirs", dryRun));
        found.AddRange(StagingDirectory.RemoveStale(root + "/overlay-layers/tmp", dryRun));
        if (dryRun)
        {
            using var layerReading = layers.BeginRead();
            var imageRecords = images.Read();
            using var containerReading = containers.BeginRead();
            found.AddRange(layerReading.Snapshot.Records.Where(layer => layer.IsIncomplete).Select(layer => layer.DirectoryPath));
            FindUnrecorded(layerReading.Snapshot, imageRecords, containerReading.Snapshot);
            if (withOrphans)
                found.AddRange(FindOrphans(layerReading.Snapshot, imageRecords, containerReading.Snapshot).Select(layer => layer.DirectoryPath));
            return found;
        }
        using var layerWriting = layers.BeginWrite();
        using var imageWriting = images.BeginWrite();
        using var containerWriting = containers.BeginWrite();
        RemoveUnrecorded(layerWriting, imageWriting.Snapshot.Records, containerWriting.Snapshot);
        if (withOrphans)
            RemoveOrphans(layerWriting, FindOrphans(layerWriting.Snapshot, imageWriting.Snapshot.Records, containerWriting.Snapshot));
        return found;
    }

    private void RemoveUnrecorded(LayerWriting writing, IReadOnlyList<StoredImage> imageRecords, StoreSnapshot<StoredContainer> containerRecords)
    {
        var stale = found.Count;
        FindUnrecorded(writing.Snapshot, imageRecords, containerRecords);
        foreach (var path in found.Skip(stale))
        {
            if (Path.GetDirectoryName(path) == configuration.DriverRoot)
                writing.RemoveFiles(Path.GetFileName(path));
            else
                Files.RemoveTree(path);
        }
    }

    private void RemoveOrphans(LayerWriting writing, IReadOnlyList<StoredLayer> orphans)
    {
        if (orphans.Count == 0)
            return;
        found.AddRange(orphans.Select(layer => layer.DirectoryPath));
        using var removal = writing.PrepareRemoval([.. orphans.Select(layer => layer.Id)]);
        removal.Mark();
        removal.Finish();
    }

    private List<StoredLayer> FindOrphans(StoreSnapshot<StoredLayer> layerRecords, IReadOnlyList<StoredImage> imageRecords,
        StoreSnapshot<StoredContainer> containerRecords)
    {
        var used = new HashSet<string>();
        var tops = imageRecords.Select(image => image.TopLayerId).Concat(imageRecords.SelectMany(image => image.MappedLayerIds))
            .Concat(containerRecords.Records.Select(container => container.LayerId)).Concat(mounts.ReadMounted())
            .Concat(layerRecords.Records.Where(layer => DateTimeOffset.UtcNow - layer.Created < s_orphanAge).Select(layer => layer.Id));
        foreach (var top in tops)
        {
            for (var id = top; id is not null && used.Add(id); id = layerRecords.Find(id)?.ParentId)
            {
            }
        }
        return [.. layerRecords.Records.Where(layer => !layer.IsIncomplete && !used.Contains(layer.Id))];
    }

    private void FindUnrecorded(StoreSnapshot<StoredLayer> layerRecords, IReadOnlyList<StoredImage> imageRecords,
        StoreSnapshot<StoredContainer> containerRecords)
    {
        var root = configuration.GraphRoot;
        var imageIds = imageRecords.Select(image => image.Id).ToHashSet();
        AddUnknown(configuration.DriverRoot, name => !IsId(name) || layerRecords.Find(name) is not null);
        AddUnknown(configuration.DriverRoot + "/l",
            name => Files.TryStatus($"{configuration.DriverRoot}/l/{name}") is not null);
        AddUnknown(root + "/overlay-layers", name => !IsTemporary(name)
            && (!IsId(name.Split('.')[0]) || layerRecords.Find(name.Split('.')[0]) is not null));
        AddUnknown(root + "/overlay-images", name => !IsTemporary(name) && (!IsId(name) || imageIds.Contains(name)));
        AddUnknown(root + "/overlay-containers", name => !IsTemporary(name) && (!IsId(name) || containerRecords.Find(name) is not null));
        AddUnknown(configuration.RunRoot + "/overlay-containers", name => !IsId(name) || containerRecords.Find(name) is not null);
    }

    private void AddUnknown(string directory, Func<string, bool> isKnown)
    {
        foreach (var entry in Files.ReadDirectory(directory))
        {
            var name = Encoding.UTF8.GetString(entry.Name);
            if (!isKnown(name))
                found.Add($"{directory}/{name}");
        }
    }

    // A file that was to replace a list when its writer died.
    private static bool IsTemporary(string name) => name.StartsWith(".tmp-", StringComparison.Ordinal);

    private static bool IsId(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigitLower);
}

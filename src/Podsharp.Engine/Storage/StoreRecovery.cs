using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>Finds and removes what killed processes left: stale staging, files without a record.</summary>
/// <remarks>Everything a living process is making is either in a staging directory whose lock it holds, or covered by a lock that
/// is held here; so what has no record now belongs to nobody. Whole layers that no image and no container uses are not ours to judge:
/// another engine may be about to record the image. Our own carry a flag until theirs is.</remarks>
internal sealed class StoreRecovery(StorageConfiguration configuration, LayerStore layers, ImageStore images, ContainerStore containers)
{
    private readonly List<string> found = [];

    /// <summary>What there is, half-made layers included. Nothing is touched.</summary>
    /// <returns>The paths.</returns>
    internal IReadOnlyList<string> Find()
    {
        found.AddRange(StagingDirectory.RemoveStale(configuration.DriverRoot + "/tempdirs", dryRun: true));
        found.AddRange(StagingDirectory.RemoveStale(configuration.GraphRoot + "/overlay-layers/tmp", dryRun: true));
        using var layerReading = layers.BeginRead();
        using var imageReading = images.BeginRead();
        using var containerReading = containers.BeginRead();
        found.AddRange(layerReading.Snapshot.Records.Where(layer => layer.IsIncomplete || layer.IsCondemned).Select(layer => layer.DirectoryPath));
        FindUnrecorded(layerReading.Snapshot, imageReading.Snapshot, containerReading.Snapshot);
        return found;
    }

    /// <summary>Removes it.</summary>
    /// <param name="only">Only what has this path.</param>
    /// <returns>Whether there was anything.</returns>
    internal bool Run(string? only = null)
    {
        if (only is not null && !Find().Contains(only))
            return false;
        found.Clear();
        StagingDirectory.RemoveStale(configuration.DriverRoot + "/tempdirs");
        StagingDirectory.RemoveStale(configuration.GraphRoot + "/overlay-layers/tmp");
        using var layerWriting = layers.BeginWrite();
        using var imageWriting = images.BeginWrite();
        using var containerWriting = containers.BeginWrite();
        FindUnrecorded(layerWriting.Snapshot, imageWriting.Snapshot, containerWriting.Snapshot);
        foreach (var path in found.Where(path => only is null || path == only))
        {
            if (Path.GetDirectoryName(path) == configuration.DriverRoot)
                layerWriting.RemoveFiles(Path.GetFileName(path));
            else
                Files.RemoveTree(path);
        }
        return only is not null || found.Count > 0;
    }

    private void FindUnrecorded(StoreSnapshot<StoredLayer> layerRecords, StoreSnapshot<StoredImage> imageRecords,
        StoreSnapshot<StoredContainer> containerRecords)
    {
        var root = configuration.GraphRoot;
        AddUnknown(configuration.DriverRoot, name => !IsId(name) || layerRecords.Find(name) is not null);
        AddUnknown(configuration.DriverRoot + "/l",
            name => Files.TryStatus($"{configuration.DriverRoot}/l/{name}") is not null);
        AddUnknown(root + "/overlay-layers", name => !IsTemporary(name)
            && (!IsId(name.Split('.')[0]) || layerRecords.Find(name.Split('.')[0]) is not null));
        AddUnknown(root + "/overlay-images", name => !IsTemporary(name) && (!IsId(name) || imageRecords.Find(name) is not null));
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

    // A file that was to replace a list when its writer died: the living one holds the list's lock.
    private static bool IsTemporary(string name) => name.StartsWith(".tmp-", StringComparison.Ordinal);

    private static bool IsId(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigitLower);
}

using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>Finds and removes what killed processes left: stale staging, half-made layers, files without a record.</summary>
/// <remarks>Everything a living process is making is either in a staging directory whose lock it holds, or covered by a lock that
/// is held here; so what has no record now belongs to nobody.</remarks>
internal sealed class StoreRecovery(StorageConfiguration configuration, LayerStore layers, ImageStore images, ContainerStore containers)
{
    private readonly List<string> found = [];

    internal IReadOnlyList<string> Run(bool dryRun)
    {
        var root = configuration.GraphRoot;
        if (Files.TryStatus(root + "/overlay-layers") is null)
            return found;
        found.AddRange(StagingDirectory.RemoveStale(configuration.DriverRoot + "/tempdirs", dryRun));
        found.AddRange(StagingDirectory.RemoveStale(root + "/overlay-layers/tmp", dryRun));
        if (dryRun)
        {
            using var layerReading = layers.BeginRead();
            var imageIds = images.Read().Select(image => image.Id).ToHashSet();
            using var containerReading = containers.BeginRead();
            found.AddRange(layerReading.Snapshot.Records.Where(layer => layer.IsIncomplete).Select(layer => layer.DirectoryPath));
            FindUnrecorded(layerReading.Snapshot, imageIds, containerReading.Snapshot);
            return found;
        }
        var stale = found.Count;
        using var layerWriting = layers.BeginWrite();
        using var imageWriting = images.BeginWrite();
        using var containerWriting = containers.BeginWrite();
        FindUnrecorded(layerWriting.Snapshot, imageWriting.Snapshot.Records.Select(image => image.Id).ToHashSet(), containerWriting.Snapshot);
        foreach (var path in found.Skip(stale))
        {
            if (path.StartsWith(configuration.DriverRoot + "/", StringComparison.Ordinal) && !path.StartsWith(configuration.DriverRoot + "/l/", StringComparison.Ordinal))
                layerWriting.RemoveFiles(Path.GetFileName(path));
            else
                Files.RemoveTree(path);
        }
        return found;
    }

    private void FindUnrecorded(StoreSnapshot<StoredLayer> layerRecords, HashSet<string> imageIds,
        StoreSnapshot<StoredContainer> containerRecords)
    {
        var root = configuration.GraphRoot;
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

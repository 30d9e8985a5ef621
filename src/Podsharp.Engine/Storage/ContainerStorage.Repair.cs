using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

// What a check looks at and a repair does, beside what happens every day.
internal sealed partial class ContainerStorage
{
    /// <summary>Compares a layer's files with what they were when they were stored.</summary>
    /// <returns>What is wrong, a phrase each; none where all is well or there is nothing to compare with.</returns>
    internal IReadOnlyList<string> CheckLayerContents(StoredLayer layer, CancellationToken cancellationToken)
    {
        if (layer.DiffDigest is null)
            return [];
        try
        {
            using var tar = TarSplitStream.Open($"{layer.StoreRoot}/overlay-layers/{layer.Id}.tar-split.gz", layer.DirectoryPath + "/diff");
            return LayerContents.Check(layer, tar, compareOwners: !Configuration.IgnoreOwnerErrors, cancellationToken);
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.DataCorrupt)
        {
            return [error.Message];
        }
    }

    /// <summary>What a layer lacks that only says how to mount it, and so can be made anew: a phrase each.</summary>
    internal IReadOnlyList<string> FindMissingParts(StoredLayer layer)
    {
        var missing = new List<string>();
        if (Files.TryReadAll(layer.DirectoryPath + "/link") is not { Length: > 0 } link)
            missing.Add("its short name is not written down");
        else if (!IsLinkOf(layer, System.Text.Encoding.ASCII.GetString(link)))
            missing.Add("its short link is missing or leads elsewhere");
        if (layer.ParentId is not null && Files.TryReadAll(layer.DirectoryPath + "/lower") is not { Length: > 0 })
            missing.Add("the list of the layers below it is missing");
        if (Files.TryStatus(layer.DirectoryPath + "/work") is null)
            missing.Add("its working directory is missing");
        return missing;
    }

    private bool IsLinkOf(StoredLayer layer, string link) =>
        Files.TryReadLink(Files.Absolute, $"{Configuration.DriverRoot}/l/{link}") is { } target
        && System.Text.Encoding.UTF8.GetString(target) == $"../{layer.Id}/diff";

    /// <summary>Makes those parts anew.</summary>
    internal void RestoreParts(string layerId)
    {
        using var writing = layers.BeginWrite();
        if (writing.Snapshot.Find(layerId) is { } layer)
            writing.RestoreParts(layer, hasLink: link => IsLinkOf(layer, link));
    }

    /// <summary>Removes a layer that nothing uses: no image, no container, no layer, no mount.</summary>
    /// <exception cref="ContainerEngineException">InUse.</exception>
    internal void RemoveUnusedLayer(string layerId)
    {
        using var writing = layers.BeginWrite();
        if (writing.Snapshot.Find(layerId) is null)
            return;
        var imageRecords = images.Read();
        using var containerReading = containers.BeginRead();
        if (imageRecords.Any(image => image.TopLayerId == layerId || image.MappedLayerIds.Contains(layerId))
            || containerReading.Snapshot.Records.Any(container => container.LayerId == layerId)
            || writing.Snapshot.Records.Any(layer => layer.ParentId == layerId) || mounts.ReadMounted().Contains(layerId))
            throw new ContainerEngineException(ErrorKind.InUse, "LayerInUse", $"the layer {layerId[..12]} is in use", layerId,
                "remove what uses it first");
        RemoveLayer(writing, layerId);
    }
}

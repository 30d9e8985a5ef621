using System.Security.Cryptography;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep.Checks;

/// <summary>Looks at the records of images and containers: their data, their layers, their images.</summary>
internal sealed class ImageCheck(EngineParts parts, StoreUsers store)
{
    internal IEnumerable<Damage> Find(CancellationToken cancellationToken)
    {
        foreach (var image in store.Images)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var finding = new StorageFinding { Kind = FindingKind.ImageData, Object = "image", Id = image.Id, Path = image.DirectoryPath, Problem = "" };
            if (Problems(Settled(image)).ToList() is { Count: > 0 } problems)
                yield return Removal(image, finding with { Problem = string.Join("; ", problems) });
            else if (MissingLayer(image) is { } layer)
                yield return Removal(image, finding with { Kind = FindingKind.ImageLayer, Path = "", Problem = $"its layer {layer} is missing" });
        }
        foreach (var container in store.Containers)
        {
            if (LookAt(container) is { } damage)
                yield return damage;
        }
    }

    // Whoever changed a list and was killed has left a record of its old data, which the next look at the list puts right.
    private StoredImage Settled(StoredImage image)
    {
        try
        {
            return image.IsList ? parts.Images.Lists.Settle(image) : image;
        }
        catch (ContainerEngineException error) when (error.Kind is ErrorKind.DataCorrupt or ErrorKind.NotFound)
        {
            return image;
        }
    }

    private Damage Removal(StoredImage image, StorageFinding finding) => image.IsReadOnly
        ? new Damage(finding with { Cost = RepairCost.Impossible, Remedy = "it is in a read-only store: repair it there" })
        : store.Removal(finding, [image], [.. store.Containers.Where(container => container.ImageId == image.Id)], layerId: null);

    private string? MissingLayer(StoredImage image) =>
        image.MappedLayerIds.Prepend(image.TopLayerId ?? "").FirstOrDefault(id => id.Length > 0 && !store.HasLayer(id));

    private static IEnumerable<string> Problems(StoredImage image)
    {
        foreach (var key in image.BigDataNames)
        {
            var data = Files.TryReadAll($"{image.DirectoryPath}/{BigDataFile.NameOf(key)}");
            if (data is null)
                yield return $"its data item \"{key}\" is missing";
            else if (image.BigDataSizes.TryGetValue(key, out var size) && size != data.Length)
                yield return $"its data item \"{key}\" has {data.Length} bytes instead of {size}";
            else if (DigestIn(key) is { } digest && digest != Convert.ToHexStringLower(SHA256.HashData(data)))
                yield return $"its data item \"{key}\" has another content";
        }
    }

    // Configurations and manifests of an index are kept under their digests.
    private static string? DigestIn(string key)
    {
        var at = key.IndexOf("sha256:", StringComparison.Ordinal);
        return at is 0 || (at > 0 && key.StartsWith("manifest-", StringComparison.Ordinal)) ? key[(at + 7)..] : null;
    }

    private Damage? LookAt(StoredContainer container)
    {
        var finding = new StorageFinding { Kind = FindingKind.ContainerLayer, Object = "container", Id = container.Id, Problem = "" };
        var isLost = container.LayerId.Length > 0 && !store.HasLayer(container.LayerId);
        if (!isLost && (container.ImageId is null || store.Images.Any(image => image.Id == container.ImageId)))
            return null;
        finding = isLost ? finding with { Problem = $"its layer {container.LayerId} is missing" }
            : finding with { Kind = FindingKind.ContainerImage, Problem = $"its image {container.ImageId} is missing" };
        return parts.Containers.Find(container.Id) is null
            ? new Damage(finding with { Cost = RepairCost.Impossible, Remedy = "it belongs to another engine: remove it there" })
            : store.Removal(finding, [], [container], layerId: null);
    }
}

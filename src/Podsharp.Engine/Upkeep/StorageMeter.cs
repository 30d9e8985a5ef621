using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep;

/// <summary>How much space images, containers and volumes take, counted as podman does.</summary>
internal sealed class StorageMeter(EngineParts parts)
{
    /// <summary>Counts all, one record a kind.</summary>
    public IReadOnlyList<StorageUsage> Measure(CancellationToken cancellationToken) =>
        [MeasureImages(), MeasureContainers(cancellationToken), MeasureVolumes(cancellationToken)];

    /// <summary>Images: sums of records, no file is looked at. A layer that several images share is none's own.</summary>
    public StorageUsage MeasureImages()
    {
        var layers = parts.Storage.ListLayers().DistinctBy(layer => layer.Id).ToDictionary(layer => layer.Id, StringComparer.Ordinal);
        var images = parts.Storage.ListImages();
        var chains = images.ToDictionary(image => image.Id, image => LayersOf(image, layers), StringComparer.Ordinal);
        var uses = chains.Values.SelectMany(chain => chain).CountBy(layer => layer.Id).ToDictionary(StringComparer.Ordinal);
        var users = parts.Storage.ListContainers().CountBy(container => container.ImageId ?? "").ToDictionary(StringComparer.Ordinal);
        var items = images.Select(image => Item(image, chains[image.Id], uses, users.GetValueOrDefault(image.Id))).ToList();
        var size = layers.Values.Sum(SizeOf) + images.Sum(image => image.BigDataSizes.Values.Sum());
        var active = items.Where(item => item.Links > 0).ToList();
        return new()
        {
            Kind = StorageKind.Image,
            Total = images.Sum(image => Math.Max(1, image.Names.Count)),
            Active = active.Count,
            Size = size,
            Reclaimable = size - active.Sum(item => item.UniqueSize),
            Items = [.. images.Zip(items).SelectMany(pair => pair.First.Names.Count == 0 ? [pair.Second]
                : pair.First.Names.Select(name => pair.Second with { Name = name }))],
        };
    }

    private static StorageItem Item(StoredImage image, List<StoredLayer> chain, Dictionary<string, int> uses, int users)
    {
        var shared = chain.Where(layer => uses[layer.Id] > 1).Sum(SizeOf);
        var unique = chain.Where(layer => uses[layer.Id] == 1).Sum(SizeOf) + image.BigDataSizes.Values.Sum();
        return new()
        {
            Kind = StorageKind.Image,
            Id = image.Id,
            Size = shared + unique,
            SharedSize = shared,
            UniqueSize = unique,
            Links = users,
            Created = image.Created,
        };
    }

    // A chain that ends in a layer which isn't there is as long as it is: that is the check's business.
    private static List<StoredLayer> LayersOf(StoredImage image, Dictionary<string, StoredLayer> layers)
    {
        var chain = new List<StoredLayer>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var top in image.MappedLayerIds.Prepend(image.TopLayerId ?? ""))
            for (var layer = layers.GetValueOrDefault(top); layer is not null && seen.Add(layer.Id); layer = layers.GetValueOrDefault(layer.ParentId ?? ""))
                chain.Add(layer);
        return chain;
    }

    private static long SizeOf(StoredLayer layer) => Math.Max(0, layer.DiffSize ?? 0);

    private StorageUsage MeasureContainers(CancellationToken cancellationToken)
    {
        var items = new List<StorageItem>();
        foreach (var container in parts.Lister.List(new() { All = true }))
        {
            if (parts.Storage.FindContainer(container.Id) is not { } stored || parts.Storage.FindLayer(stored.LayerId) is not { } layer)
                continue;
            var size = TreeSize.Of(layer.DirectoryPath + "/diff", cancellationToken);
            items.Add(new()
            {
                Kind = StorageKind.Container,
                Id = container.Id,
                Name = container.Name,
                Size = size,
                UniqueSize = size,
                Links = container.Volumes.Count,
                Created = container.Created,
                ImageId = container.ImageId,
                Command = container.Command,
                State = container.State,
            });
        }
        return new()
        {
            Kind = StorageKind.Container,
            Total = items.Count,
            Active = items.Count(item => item.State == ContainerState.Running),
            Size = items.Sum(item => item.Size),
            Reclaimable = items.Where(item => item.State != ContainerState.Running).Sum(item => item.Size),
            Items = items,
        };
    }

    private StorageUsage MeasureVolumes(CancellationToken cancellationToken)
    {
        var items = parts.Volumes.List().Select(volume =>
        {
            var size = TreeSize.Of(volume.MountPoint, cancellationToken);
            return new StorageItem
            {
                Kind = StorageKind.Volume,
                Id = volume.Name,
                Name = volume.Name,
                Size = size,
                UniqueSize = size,
                Links = parts.Volumes.UsersOf(volume.Name).Count,
                Created = volume.Created,
            };
        }).ToList();
        return new()
        {
            Kind = StorageKind.Volume,
            Total = items.Count,
            Active = items.Sum(item => item.Links),
            Size = items.Sum(item => item.Size),
            Reclaimable = items.Where(item => item.Links == 0).Sum(item => item.Size),
            Items = items,
        };
    }
}

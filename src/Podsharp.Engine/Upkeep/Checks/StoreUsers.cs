using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep.Checks;

/// <summary>The store's records as a check finds them, and who would go with what.</summary>
internal sealed class StoreUsers
{
    private readonly EngineParts parts;
    private readonly Dictionary<string, StoredLayer> byId;

    internal StoreUsers(EngineParts parts)
    {
        this.parts = parts;
        Layers = [.. parts.Storage.ListLayers().DistinctBy(layer => layer.Id)];
        Images = parts.Storage.ListImages();
        Containers = parts.Storage.ListContainers();
        byId = Layers.ToDictionary(layer => layer.Id, StringComparer.Ordinal);
    }

    internal IReadOnlyList<StoredLayer> Layers { get; }
    internal IReadOnlyList<StoredImage> Images { get; }
    internal IReadOnlyList<StoredContainer> Containers { get; }

    internal bool HasLayer(string id) => byId.ContainsKey(id);

    /// <summary>A layer and those below it, as far as they are there.</summary>
    internal IEnumerable<StoredLayer> Chain(string? top)
    {
        var left = byId.Count;
        for (var layer = byId.GetValueOrDefault(top ?? ""); layer is not null && left-- > 0; layer = byId.GetValueOrDefault(layer.ParentId ?? ""))
            yield return layer;
    }

    internal IEnumerable<StoredLayer> Chain(StoredImage image) => image.MappedLayerIds.Prepend(image.TopLayerId ?? "").SelectMany(Chain);

    internal List<StoredImage> ImagesOn(string layerId) => [.. Images.Where(image => Chain(image).Any(layer => layer.Id == layerId))];

    internal List<StoredContainer> ContainersOn(string layerId) => [.. Containers.Where(container => Chain(container.LayerId).Any(layer => layer.Id == layerId))];

    /// <summary>Damage that only a removal of all that uses a thing ends.</summary>
    internal Damage Removal(StorageFinding finding, IReadOnlyList<StoredImage> images, IReadOnlyList<StoredContainer> containers, string? layerId)
    {
        List<string> lost = [.. containers.Select(container => $"container {container.Names.FirstOrDefault() ?? container.Id[..12]}"),
            .. images.Select(image => $"image {image.Names.FirstOrDefault() ?? image.Id[..12]}")];
        var cost = containers.Count > 0 ? RepairCost.Containers : images.Count > 0 ? RepairCost.Images : RepairCost.Nothing;
        var remedy = lost.Count == 0 ? "it is removed; nothing uses it" : $"{string.Join(", ", lost)} {(lost.Count == 1 ? "is" : "are")} removed";
        return new Damage(finding with { Cost = cost, Remedy = remedy }, token => Remove(images, containers, layerId, token));
    }

    private void Remove(IReadOnlyList<StoredImage> images, IReadOnlyList<StoredContainer> containers, string? layerId, CancellationToken cancellationToken)
    {
        foreach (var container in containers)
        {
            if (parts.Containers.Find(container.Id) is null && parts.Storage.FindContainer(container.Id) is not null)
                throw new ContainerEngineException(ErrorKind.InUse, "ForeignContainer",
                    $"container {container.Names.FirstOrDefault() ?? container.Id[..12]} belongs to another engine", container.Id, "remove it there");
            parts.Remover.Remove(container.Id, new RemoveOptions { Force = true, Ignore = true, Timeout = 0 }, cancellationToken);
        }
        foreach (var image in images.OrderByDescending(image => Chain(image).Count()))
        {
            if (parts.Storage.FindImage(image.Id) is not null)
                parts.Remover.RemoveUnusedImage(image.Id);
        }
        if (layerId is null)
            return;
        foreach (var layer in Layers.Where(layer => Chain(layer.Id).Any(below => below.Id == layerId)).OrderByDescending(layer => Chain(layer.Id).Count()))
            parts.Storage.RemoveUnusedLayer(layer.Id);
    }
}

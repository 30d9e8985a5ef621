using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>How images stand on layers: history, layers, and what stands on them.</summary>
internal sealed class LayerHistory(ContainerStorage storage, ImageCatalog catalog)
{
    private readonly IReadOnlyList<StoredImage> _images = storage.ListImages();

    /// <summary>An image's history, the last step first, with sizes and with the images that end at each step, as podman assigns them: an image
    /// is named once, at its last step.</summary>
    internal IReadOnlyList<ImageHistoryEntry> Read(StoredImage image)
    {
        var layer = image.TopLayerId is { } top ? storage.FindLayer(top) : null;
        var named = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<ImageHistoryEntry>();
        foreach (var step in (catalog.ReadConfig(image).History ?? []).OfType<HistoryRecord>().Reverse())
        {
            var here = layer is null ? [] : _images.Where(other => other.TopLayerId == layer.Id).ToList();
            var id = here.Count > 0 && named.Add(here[0].Id) ? here[0].Id : "";
            entries.Add(ToModel(step) with
            {
                Id = id,
                Size = step.EmptyLayer ? 0 : Math.Max(0, layer?.DiffSize ?? 0),
                Tags = [.. here.SelectMany(other => other.Names)],
            });
            if (!step.EmptyLayer)
            {
                layer = layer?.ParentId is { } parent ? storage.FindLayer(parent) : null;
            }
        }
        return entries;
    }

    /// <summary>An image's layers, the lowest first.</summary>
    internal IReadOnlyList<ImageLayer> Layers(StoredImage image) =>
        image.TopLayerId is { } top ? [.. storage.GetLayerChain(top).Reverse().Select(ToModel)] : [];

    /// <summary>An image's top layer and all image layers that stand on it, each before those on it.</summary>
    internal IReadOnlyList<ImageLayer> Dependents(StoredImage image)
    {
        if (image.TopLayerId is not { } top || storage.FindLayer(top) is not { } layer)
        {
            return [];
        }
        // Layers of containers are no images' layers.
        var ours = _images.Select(other => other.TopLayerId).OfType<string>().SelectMany(other => storage.GetLayerChain(other)).Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        var children = storage.ListLayers().Where(item => item.ParentId is not null && ours.Contains(item.Id)).ToLookup(item => item.ParentId!, StringComparer.Ordinal);
        var found = new List<ImageLayer>();
        var pending = new Stack<StoredLayer>([layer]);
        while (pending.TryPop(out var next) && found.Count <= ours.Count)
        {
            found.Add(ToModel(next));
            foreach (var child in children[next.Id].Reverse())
            {
                pending.Push(child);
            }
        }
        return found;
    }

    /// <summary>A step of a configuration's history by itself.</summary>
    internal static ImageHistoryEntry ToModel(HistoryRecord record) => new()
    {
        Created = record.Created,
        CreatedBy = record.CreatedBy ?? "",
        Comment = record.Comment ?? "",
        EmptyLayer = record.EmptyLayer,
    };

    private ImageLayer ToModel(StoredLayer layer) => new()
    {
        Id = layer.Id,
        ParentId = layer.ParentId ?? "",
        DiffId = layer.DiffDigest ?? "",
        Size = Math.Max(0, layer.DiffSize ?? 0),
        Created = layer.Created,
        TopLayerOf = [.. _images.Where(image => image.TopLayerId == layer.Id).SelectMany(image => image.Names)],
    };
}

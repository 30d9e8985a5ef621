using Podsharp.Engine.Images;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep;

/// <summary>The images that nothing uses, in an order in which they can go, and what each of them frees.</summary>
/// <param name="parts">The engine.</param>
/// <param name="options">Which are meant.</param>
/// <param name="gone">Containers that count as removed.</param>
internal sealed class UnusedImages(EngineParts parts, PruneOptions options, HashSet<string> gone)
{
    private readonly Dictionary<string, StoredLayer> layers =
        parts.Storage.ListLayers().DistinctBy(layer => layer.Id).ToDictionary(layer => layer.Id, StringComparer.Ordinal);
    private readonly Dictionary<string, int> users = new(StringComparer.Ordinal);
    private readonly List<StoredImage> remaining = [];

    /// <summary>Finds them: the last that were built on others first.</summary>
    public List<PruneReport> Find()
    {
        var images = parts.Storage.ListImages();
        remaining.AddRange(images);
        var containers = parts.Storage.ListContainers().Where(container => !gone.Contains(container.Id)).ToList();
        foreach (var layer in images.SelectMany(ChainOf).Concat(containers.SelectMany(container => ChainOf(container.LayerId))))
            users[layer.Id] = users.GetValueOrDefault(layer.Id) + 1;
        var used = containers.Select(container => container.ImageId).Concat(parts.ImageMounters.Images(gone)).ToHashSet();
        var wanted = Wanted();
        // An image without a name is needed as long as a list names it.
        var members = options.AllImages ? [] : ImageCatalog.ListMembers(images);
        var candidates = images.Where(image => !image.IsReadOnly && !used.Contains(image.Id) && wanted.Contains(image.Id)
            && (options.AllImages || (image.Names.Count == 0 && !members.Contains(image.Id)))).OrderByDescending(image => ChainOf(image).Count()).ToList();
        var found = new List<PruneReport>();
        // An unnamed image on which another stands is that one's history, until the other has gone.
        while (candidates.Find(image => options.AllImages || !IsBelowAnother(image)) is { } next)
        {
            candidates.Remove(next);
            remaining.Remove(next);
            found.Add(Remove(next));
        }
        return found;
    }

    private HashSet<string> Wanted() => options.Filters.Count == 0
        ? [.. parts.Storage.ListImages().Select(image => image.Id)]
        : [.. parts.Images.List(new ImageQuery { All = true, Filters = options.Filters }).Select(image => image.Id)];

    private PruneReport Remove(StoredImage image)
    {
        var size = image.BigDataSizes.Values.Sum();
        foreach (var layer in ChainOf(image))
        {
            users[layer.Id]--;
            if (users[layer.Id] == 0)
                size += Math.Max(0, layer.DiffSize ?? 0);
        }
        return new PruneReport { Kind = StorageKind.Image, Id = image.Id, Name = image.Names.FirstOrDefault() ?? "", Size = size };
    }

    // On its layer another layer lies, or it has the same layers as an image with more steps, which added no files.
    private bool IsBelowAnother(StoredImage image)
    {
        if (image.TopLayerId is not { } top)
            return false;
        var equals = remaining.Where(other => other.TopLayerId == top && other.Id != image.Id).ToList();
        return users.GetValueOrDefault(top) > 1 + equals.Count
            || (equals.Count > 0 && TryRead(image) is { } config && equals.Exists(other => TryRead(other) is { } child && ImageParents.IsParent(config, child)));
    }

    private ImageConfigFile? TryRead(StoredImage image)
    {
        try
        {
            return parts.Images.ReadConfig(image);
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.DataCorrupt)
        {
            return null; // nobody can tell what it was made of
        }
    }

    private IEnumerable<StoredLayer> ChainOf(StoredImage image) =>
        image.MappedLayerIds.Prepend(image.TopLayerId ?? "").SelectMany(ChainOf).DistinctBy(layer => layer.Id);

    // Bounded by the number of layers, whatever a damaged list says.
    private IEnumerable<StoredLayer> ChainOf(string top)
    {
        var left = layers.Count;
        for (var layer = layers.GetValueOrDefault(top); layer is not null && left-- > 0; layer = layers.GetValueOrDefault(layer.ParentId ?? ""))
            yield return layer;
    }
}

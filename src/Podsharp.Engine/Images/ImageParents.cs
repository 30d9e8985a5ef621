using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Images;

/// <summary>Unnamed images that were steps on the way to another: they go with the last that was made from them.</summary>
internal sealed class ImageParents(ContainerStorage storage, ImageCatalog catalog)
{
    /// <summary>The unnamed image that a removed one was made from, if nothing else was made from it and nothing uses it; null for none.</summary>
    /// <param name="config">The removed image's configuration.</param>
    internal StoredImage? FindForsaken(ImageConfigFile config)
    {
        var images = storage.ListImages();
        var used = storage.ListContainers().Select(container => container.ImageId).ToHashSet();
        var unnamed = images.Where(image => image.Names.Count == 0 && !image.IsReadOnly && !used.Contains(image.Id)).ToList();
        if (unnamed.Count == 0)
        {
            return null;
        }
        // Only a step on the way has fewer layers or steps and the same beginning; the longest is the last.
        var configs = images.Select(image => (Image: image, Config: TryRead(image))).Where(item => item.Config is not null).ToList();
        return configs.Where(item => unnamed.Contains(item.Image) && IsParent(item.Config!, config) && !configs.Exists(other => IsParent(item.Config!, other.Config!)))
            .OrderByDescending(item => item.Config!.History?.Count ?? 0).FirstOrDefault().Image;
    }

    private ImageConfigFile? TryRead(StoredImage image)
    {
        try
        {
            return catalog.ReadConfig(image);
        }
        catch (Model.ContainerEngineException)
        {
            // A damaged image, or one that is being removed by somebody else, is no reason to stop.
            return null;
        }
    }

    /// <summary>Whether an image was a step on the way to another: the other has its layers and steps, and more steps.</summary>
    internal static bool IsParent(ImageConfigFile parent, ImageConfigFile child)
    {
        var (shorter, longer) = (parent.History ?? [], child.History ?? []);
        return shorter.Count > 0 && shorter.Count < longer.Count && parent.DiffIds.Count <= child.DiffIds.Count
            && parent.DiffIds.SequenceEqual(child.DiffIds.Take(parent.DiffIds.Count))
            && shorter.SequenceEqual(longer.Take(shorter.Count));
    }
}

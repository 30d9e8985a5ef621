using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Who of our containers mounts which image: the store knows only the images that containers were made from.</summary>
internal sealed class ImageMounters(EngineParts parts)
{
    /// <summary>The containers that mount an image: that are to have it by its name, and that run with it, whatever its name means by now.</summary>
    internal IReadOnlyList<StoredContainer> Of(string imageId) =>
        [.. Containers().Where(container => ImagesOf(container).Contains(imageId)).Select(container => parts.Storage.FindContainer(container.Id)).OfType<StoredContainer>()];

    /// <summary>The images that containers mount, but for some containers.</summary>
    internal HashSet<string> Images(IReadOnlySet<string> without) =>
        [.. Containers().Where(container => !without.Contains(container.Id)).SelectMany(ImagesOf)];

    private IEnumerable<ContainerRecord> Containers() =>
        parts.Containers.List().Where(container => container.Config.Mounts.Any(mount => mount.Type == MountType.Image));

    private IEnumerable<string> ImagesOf(ContainerRecord container)
    {
        foreach (var mount in container.Config.Mounts.Where(mount => mount.Type == MountType.Image))
            if (TryFind(mount.Source) is { } id)
                yield return id;
        if (!container.HasRun)
            yield break;
        foreach (var id in OverlayMounts.MountedImages(parts.Storage.StaticDirectory(container.Id)))
            yield return id;
    }

    private string? TryFind(string name)
    {
        try
        {
            return parts.Images.Find(name)?.Image.Id;
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.Ambiguous)
        {
            return null; // the next start will say so
        }
    }
}

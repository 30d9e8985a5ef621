using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images.Lists;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>An image that was found.</summary>
/// <param name="Image">The image.</param>
/// <param name="Name">The full name by which it was found; null where it was its id or digest.</param>
internal sealed record FoundImage(StoredImage Image, string? Name);

/// <summary>The images in local storage: finding them by what people write, and reading what they hold.</summary>
internal sealed class ImageCatalog(ContainerStorage storage, ConfigurationEnvironment environment)
{
    /// <summary>Finds an image by id, name, short name, digest or the beginning of an id, in podman's order; null for none. The name of a list stands for
    /// its image for a platform, the host's when null.</summary>
    /// <exception cref="ContainerEngineException">Ambiguous: an id prefix of several. InvalidReference: it can be neither id nor name.</exception>
    internal FoundImage? Find(string nameOrId, ImagePlatform? platform = null, RegistriesConf? registries = null) => FindAny(nameOrId, registries) is not { } found ? null
        : !found.Image.IsList ? found
        : ImageOf(found.Image, platform) is { } image ? found with { Image = image } : null;

    /// <summary>The same; there must be one.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound; PlatformNotFound: a list has none for that platform, here at least.</exception>
    internal FoundImage Get(string nameOrId, ImagePlatform? platform = null) => Find(nameOrId, platform)
        ?? throw (FindAny(nameOrId) is null ? EngineErrors.ImageNotFound(nameOrId) : NoImageFor(nameOrId, PlatformChoice.Complete(platform)));

    /// <summary>The image of a list for a platform, the host's when null; null where it has none, or has one that isn't in local storage.</summary>
    internal StoredImage? ImageOf(StoredImage list, ImagePlatform? platform)
    {
        var entries = ListContent.Read(list).Index;
        return PlatformChoice.TryChoose(entries, PlatformChoice.Complete(platform)) is { } entry
            ? storage.ListImages().FirstOrDefault(image => !image.IsList && image.Digests.Contains(entry.Digest)) : null;
    }

    /// <summary>The error for a list without an image for a platform.</summary>
    internal static ContainerEngineException NoImageFor(string list, ImagePlatform platform) => new(ErrorKind.NotFound, "PlatformNotFound",
        $"{list} is a list of images, and none for {platform} is in local storage: image not known", list, "pull that one, or name another platform");

    /// <summary>The ids of all images that lists with a name hold: they are not left over, though they may have no name of their own.</summary>
    internal static HashSet<string> ListMembers(IReadOnlyList<StoredImage> images)
    {
        var digests = images.Where(image => image is { IsList: true, Names.Count: > 0 }).SelectMany(DigestsOf).ToHashSet(StringComparer.Ordinal);
        return digests.Count == 0 ? [] : [.. images.Where(image => !image.IsList && image.Digests.Any(digests.Contains)).Select(image => image.Id)];
    }

    private static IEnumerable<string> DigestsOf(StoredImage list)
    {
        try
        {
            return ListContent.Read(list).Entries.Select(entry => entry.Digest);
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.DataCorrupt)
        {
            return []; // a damaged list, or one that is being removed, keeps nothing
        }
    }

    /// <summary>The same as <see cref="Find"/>, but a list is found as itself.</summary>
    internal FoundImage? FindAny(string nameOrId, RegistriesConf? registries = null)
    {
        if (nameOrId.Length == 0)
        {
            throw ImageReference.Invalid(nameOrId, "the name is empty");
        }
        var images = storage.ListImages();
        return ByIdOrFullName(images, nameOrId) ?? ByName(images, nameOrId, registries) ?? ByPrefix(images, nameOrId) ?? BySuffix(images, nameOrId);
    }

    /// <summary>The same; there must be one.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound.</exception>
    internal FoundImage GetAny(string nameOrId) => FindAny(nameOrId) ?? throw EngineErrors.ImageNotFound(nameOrId);

    private static FoundImage? ByIdOrFullName(IReadOnlyList<StoredImage> images, string nameOrId)
    {
        var id = nameOrId.StartsWith("sha256:", StringComparison.Ordinal) ? nameOrId[7..] : nameOrId;
        foreach (var image in images)
        {
            if (image.Names.Contains(nameOrId))
            {
                return new FoundImage(image, nameOrId);
            }
            if (image.Id == id)
            {
                return new FoundImage(image, null);
            }
        }
        // A bare digest may also be a manifest's.
        return id.Length == 64 && id.Length != nameOrId.Length && images.FirstOrDefault(image => image.Digests.Contains(nameOrId)) is { } byDigest
            ? new FoundImage(byDigest, null) : null;
    }

    private FoundImage? ByName(IReadOnlyList<StoredImage> images, string name, RegistriesConf? registries)
    {
        if (!ImageReference.TryParse(name, out var parsed, out var problem))
        {
            return IsIdPrefix(name) ? null : throw ImageReference.Invalid(name, problem);
        }
        // Most names are full; the configuration is read for the others only.
        var candidates = ImageReference.IsShort(name)
            ? ShortNames.LocalCandidates(name, registries ?? RegistriesConf.Load(environment)) : [parsed.WithDefaultTag()];
        foreach (var candidate in candidates)
        {
            if (ByCandidate(images, candidate) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    private static FoundImage? ByCandidate(IReadOnlyList<StoredImage> images, ImageReference candidate)
    {
        var stored = candidate.StoredName;
        if (images.FirstOrDefault(image => image.Names.Contains(stored)) is { } byName)
        {
            return new FoundImage(byName, stored);
        }
        return candidate.Digest is { } digest && images.FirstOrDefault(image => image.Digests.Contains(digest) &&
            image.Names.Any(name => ImageName.Split(name).Repository == candidate.Repository)) is { } byDigest
            ? new FoundImage(byDigest, stored) : null;
    }

    private static FoundImage? ByPrefix(IReadOnlyList<StoredImage> images, string text)
    {
        var prefix = text.StartsWith("sha256:", StringComparison.Ordinal) ? text[7..] : text;
        if (!IsIdPrefix(prefix))
        {
            return null;
        }
        var matches = images.Where(image => image.Id.StartsWith(prefix, StringComparison.Ordinal)).Take(2).ToList();
        return matches.Count > 1 ? throw EngineErrors.Ambiguous("image", text)
            : matches.Count == 1 ? new FoundImage(matches[0], null)
            : null;
    }

    private static bool IsIdPrefix(string text) => text.Length is > 0 and <= 64 && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>A short name also finds an image of any registry whose path ends like that.</summary>
    private static FoundImage? BySuffix(IReadOnlyList<StoredImage> images, string name)
    {
        if (!ImageReference.IsShort(name))
        {
            return null;
        }
        var (path, tag, digest) = ImageReference.Split(ImageReference.StripTransport(name));
        foreach (var image in images)
        {
            foreach (var full in image.Names)
            {
                var (repository, fullTag, _) = ImageName.Split(full);
                if (repository.EndsWith("/" + path, StringComparison.Ordinal) &&
                    (digest is not null ? image.Digests.Contains(digest) : fullTag == (tag ?? "latest")))
                {
                    return new FoundImage(image, full);
                }
            }
        }
        return null;
    }

    /// <summary>The configuration of an image.</summary>
    /// <exception cref="ContainerEngineException">It is missing or damaged (<c>DataCorrupt</c>).</exception>
    internal ImageConfigFile ReadConfig(StoredImage image) => ImageConfigFile.Parse(ReadConfigBytes(image), image.Id);

    /// <summary>The configuration of an image, byte for byte.</summary>
    /// <exception cref="ContainerEngineException">It is missing (<c>DataCorrupt</c>).</exception>
    internal byte[] ReadConfigBytes(StoredImage image) => storage.ReadImageData(image.Id, ConfigKey(image));

    /// <summary>The configuration is kept under its digest, which is the image's id; images of table-of-contents layers have
    /// another id, so the manifest tells.</summary>
    private string ConfigKey(StoredImage image)
    {
        var usual = "sha256:" + image.Id;
        return image.BigDataNames.Contains(usual) ? usual : ReadManifest(image)?.Config?.Digest ?? usual;
    }

    /// <summary>The image's own manifest; null where it has none.</summary>
    internal ImageManifest? ReadManifest(StoredImage image) => image.BigDataNames.Contains("manifest")
        ? ImageManifest.Parse(storage.ReadImageData(image.Id, "manifest"), null, image.Id) : null;

    /// <summary>The list view of one image, without labels.</summary>
    internal ContainerImage ToModel(StoredImage image) => ToModel(image, storage.GetImageSize(image) ?? 0,
        storage.ListContainers().Count(container => container.ImageId == image.Id));

    /// <summary>The list view of an image whose size and users are known.</summary>
    internal static ContainerImage ToModel(StoredImage image, long size, int containers) => new()
    {
        Id = image.Id,
        Names = image.Names,
        Digest = image.Digest ?? "",
        RepoDigests = RepoDigests(image),
        Created = image.Created,
        Size = size,
        Containers = containers,
        ReadOnly = image.IsReadOnly,
        TopLayer = image.TopLayerId ?? "",
    };

    private static List<string> RepoDigests(StoredImage image) =>
    [
        .. image.Names.Select(name => ImageName.Split(name).Repository).Distinct()
            .SelectMany(repository => image.Digests.Select(digest => $"{repository}@{digest}")),
    ];
}

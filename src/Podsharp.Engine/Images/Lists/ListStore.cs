using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Lists;

/// <summary>The lists of images in local storage.</summary>
internal sealed class ListStore(ContainerStorage storage, ImageCatalog catalog)
{
    /// <summary>A list as a user names it.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound; NotAManifestList: it is an image. Ambiguous, InvalidReference.</exception>
    internal FoundImage Get(string nameOrId) => Find(nameOrId) ?? throw EngineErrors.ImageNotFound(nameOrId);

    /// <summary>The same; null for none.</summary>
    /// <exception cref="ContainerEngineException">NotAManifestList: it is an image. Ambiguous, InvalidReference.</exception>
    internal FoundImage? Find(string nameOrId) => catalog.FindAny(nameOrId) is not { } found ? null
        : found.Image.IsList ? found with { Image = Settled(found.Image) }
        : throw NotAList(found.Name ?? nameOrId);

    /// <summary>All lists, the newest first.</summary>
    internal IEnumerable<ContainerManifest> List() =>
        storage.ListImages().Where(image => image.IsList).OrderByDescending(image => image.Created).Select(list => ToModel(Settled(list)));

    /// <summary>Makes a list.</summary>
    /// <exception cref="ContainerEngineException">NameInUse.</exception>
    internal StoredImage Add(string name, ListContent content)
    {
        var id = Containers.ContainerNames.NewId();
        return storage.AddList(new ImageCommit { Id = id, Names = [name], BigData = content.ToNewData(id) });
    }

    /// <summary>Makes a list whose names are taken from whoever has them.</summary>
    internal StoredImage AddNamed(IReadOnlyList<string> names, ListContent content)
    {
        var id = Containers.ContainerNames.NewId();
        return storage.CommitImage([], new ImageCommit { Id = id, Names = names, BigData = content.ToNewData(id) });
    }

    /// <summary>Changes a list.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound: it was removed meanwhile. DataCorrupt. What the change raises.</exception>
    internal StoredImage Change(string id, Func<ListContent, ListContent> change, CancellationToken cancellationToken) => storage.ChangeList(id, list =>
    {
        var before = ListContent.Read(list);
        return change(before).ToData(id, before);
    }, cancellationToken);

    /// <summary>A list whose record agrees with its data: whoever was killed between the two is made up for.</summary>
    internal StoredImage Settled(StoredImage list) =>
        list.IsReadOnly || ListContent.Unrecorded(list) is null ? list : storage.ChangeList(list.Id, ListContent.Unrecorded, CancellationToken.None);

    /// <summary>The error for a name that is no list's.</summary>
    internal static ContainerEngineException NotAList(string name) =>
        new(ErrorKind.InvalidArgument, "NotAManifestList", $"{name}: image is not a manifest list", name, "name a list; podsharp manifest create makes one");

    /// <summary>A list as others see it.</summary>
    internal static ContainerManifest ToModel(StoredImage list)
    {
        var content = ListContent.Read(list);
        return ToModel(content.Index with { Type = content.Type }, content.ToBytes(), content.Places, list.Id) with { Id = list.Id, Names = list.Names, Created = list.Created };
    }

    /// <summary>A list at a registry as others see it.</summary>
    internal static ContainerManifest ToModel(ImageManifest index, string name) => ToModel(index, index.Bytes, EmptyDictionary.Strings, name) with { Names = [name] };

    private static ContainerManifest ToModel(ImageManifest index, byte[] bytes, IReadOnlyDictionary<string, string> places, string list) => new()
    {
        MediaType = index.Type,
        Digest = ContentDigest.Of(bytes).ToString(),
        ArtifactType = index.ArtifactType ?? "",
        // An array: PowerShell can't index the lists that the compiler makes.
        Images = (index.Manifests ?? []).Select(entry => ToModel(entry, list) with { Source = places.GetValueOrDefault(entry.Digest, "") }).ToArray(),
        Annotations = index.Annotations ?? EmptyDictionary.Strings,
        Subject = index.Subject is { } subject ? ToModel(subject, list) : null,
    };

    private static ContainerManifestImage ToModel(Descriptor entry, string list) => new()
    {
        Manifest = list,
        Digest = entry.Digest,
        Size = entry.Size,
        MediaType = entry.MediaType,
        Os = entry.Platform?.Os ?? "",
        Architecture = entry.Platform?.Architecture ?? "",
        Variant = entry.Platform?.Variant ?? "",
        OsVersion = entry.Platform?.OsVersion ?? "",
        OsFeatures = entry.Platform?.OsFeatures ?? [],
        Features = entry.Platform?.Features ?? [],
        Annotations = entry.Annotations ?? EmptyDictionary.Strings,
        ArtifactType = entry.ArtifactType ?? "",
        Urls = entry.Urls ?? [],
        Data = entry.Data ?? "",
    };
}

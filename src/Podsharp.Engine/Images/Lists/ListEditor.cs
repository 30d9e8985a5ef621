using Podsharp.Engine.Configuration;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Lists;

/// <summary>What people do with lists of images: make, fill, change and look at them.</summary>
/// <remarks>Registries are asked before a list is locked, so nobody waits for a network; the change itself takes no longer than its files.</remarks>
internal sealed class ListEditor(ContainerStorage storage, ImageCatalog catalog, ConfigurationEnvironment environment, ContainersConf configuration)
{
    private readonly ListStore _lists = new(storage, catalog);

    /// <summary>Makes a list, with its images, or not at all.</summary>
    /// <exception cref="ContainerEngineException">NameInUse; NotAManifestList: the list to amend is an image. What finding an image raises.</exception>
    internal async Task<ContainerManifest> CreateAsync(ManifestCreateRequest request, CancellationToken cancellationToken)
    {
        var name = ImageService.NewName(request.Name);
        var existing = request.Amend && catalog.FindAny(name) is not null ? _lists.Get(name).Image : null;
        if (existing is null && catalog.FindAny(name) is { } owner && owner.Image.Names.Contains(name))
        {
            throw NameInUse(name, owner.Image.Id);
        }
        var members = await FindAsync(request.Images, request.All, request.Registry, cancellationToken);
        ListContent Fill(ListContent list) => members.Aggregate(list, (filled, member) => filled.With(member.Entry, member.Place)).Annotate(request.Annotations);
        return ListStore.ToModel(existing is null ? _lists.Add(name, Fill(ListContent.Empty)) : _lists.Change(existing.Id, Fill, cancellationToken));
    }

    /// <summary>Puts images of the store into a list.</summary>
    /// <param name="amended">The full name of the list, which is made if it isn't there; null for a new one.</param>
    /// <param name="names">Full names that it gets besides; they are taken from whoever has them, as an image's.</param>
    /// <param name="images">The images, in order.</param>
    /// <param name="cancellationToken">Ends the wait for the list.</param>
    /// <exception cref="ContainerEngineException">NotAManifestList: the name is an image's.</exception>
    internal ContainerManifest Put(string? amended, IReadOnlyList<string> names, IReadOnlyList<StoredImage> images, CancellationToken cancellationToken)
    {
        var members = images.Select(Finder(new()).OfImage).ToList();
        ListContent Fill(ListContent list) => members.Aggregate(list, (filled, member) => filled.With(member.Entry, member.Place));
        if (amended is null)
        {
            return ListStore.ToModel(_lists.AddNamed(names, Fill(ListContent.Empty)));
        }
        var list = _lists.Find(amended) is { } found ? _lists.Change(found.Image.Id, Fill, cancellationToken) : _lists.Add(amended, Fill(ListContent.Empty));
        return ListStore.ToModel(names.Count == 0 ? list : storage.SetImageNames(list.Id, names, []));
    }

    /// <summary>The platforms for which a name has images: those of a list, or the one of an image. Local storage is asked first, unless the policy is for the registry's.</summary>
    /// <exception cref="ContainerEngineException">What a registry raises; ImageNotFound: it is not to be asked.</exception>
    internal async Task<IReadOnlyList<ImagePlatform>> PlatformsAsync(string name, PullPolicy policy, RegistryOptions options, CancellationToken cancellationToken)
    {
        var local = policy == PullPolicy.Never ? catalog.GetAny(name) : policy == PullPolicy.Missing ? catalog.FindAny(name) : null;
        // What lies here of a list that was pulled is one image; the registry tells of the others.
        if (local is { Image.IsList: true })
        {
            return PlatformChoice.Platforms(ListContent.Read(local.Image).Index);
        }
        if (local is not null && (policy == PullPolicy.Never || local.Name is not { } full || full.StartsWith("localhost/", StringComparison.Ordinal)))
        {
            return [PlatformChoice.Of(catalog.ReadConfig(local.Image))];
        }
        var found = await new RegistryReader(environment, configuration, options).ReadAsync(local?.Name ?? name, cancellationToken);
        return found.Config is { } config ? [PlatformChoice.Of(config)] : PlatformChoice.Platforms(found.Manifest);
    }

    /// <summary>Adds images to a list.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, NotAManifestList; InvalidArgument: one platform is told of several images. What finding an image raises.</exception>
    internal async Task<ContainerManifest> AddAsync(string nameOrId, ManifestAddRequest request, CancellationToken cancellationToken)
    {
        var list = _lists.Get(nameOrId).Image;
        var members = await FindAsync(request.Images, request.All, request.Registry, cancellationToken);
        if (members.Count > 1 && request.Change.HasPlatform)
        {
            throw EngineErrors.InvalidArgument("a platform can't be told of several images at once", nameOrId, "add them one by one");
        }
        return ListStore.ToModel(_lists.Change(list.Id,
            content => members.Aggregate(content, (filled, member) => filled.With(Apply(member.Entry, request.Change), member.Place)), cancellationToken));
    }

    /// <summary>Changes what a list says of an image, or of itself.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, NotAManifestList, ManifestImageNotFound; what finding the subject raises.</exception>
    internal async Task<ContainerManifest> AnnotateAsync(string nameOrId, ManifestAnnotateRequest request, CancellationToken cancellationToken)
    {
        var (list, name) = _lists.Get(nameOrId);
        var finder = Finder(request.Registry);
        var digest = request.Image is { } image ? await EntryAsync(finder, list, name ?? nameOrId, image, cancellationToken) : null;
        var subject = request.Subject is { Length: > 0 } about ? await finder.DescribeAsync(about, cancellationToken) : null;
        return ListStore.ToModel(_lists.Change(list.Id, content =>
        {
            if (digest is not null)
            {
                content = content.Replace(Apply(content.Find(digest) ?? throw NoSuchImage(digest, name ?? nameOrId), request.Change));
            }
            content = content.Annotate(request.ListAnnotations);
            return subject is null ? content : content with { Index = content.Index with { Subject = subject } };
        }, cancellationToken));
    }

    /// <summary>Takes an image out of a list; the image itself stays.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, NotAManifestList, ManifestImageNotFound; InvalidArgument: it is no digest.</exception>
    internal ContainerManifest Remove(string nameOrId, string digest, CancellationToken cancellationToken)
    {
        var (list, name) = _lists.Get(nameOrId);
        if (!ContentDigest.TryParse(digest, out _))
        {
            throw EngineErrors.InvalidArgument($"invalid image digest \"{digest}\"", digest, "manifest inspect shows the digests of a list");
        }
        return ListStore.ToModel(_lists.Change(list.Id,
            content => content.Find(digest) is not null ? content.Without(digest) : throw NoSuchImage(digest, name ?? nameOrId), cancellationToken));
    }

    /// <summary>A list of the store, or of a registry where the store has none of the name.</summary>
    /// <exception cref="ContainerEngineException">NotAManifestList; what the registry raises.</exception>
    internal async Task<ContainerManifest> InspectAsync(string nameOrId, RegistryOptions options, CancellationToken cancellationToken)
    {
        var isRemote = nameOrId.StartsWith("docker://", StringComparison.Ordinal);
        var local = isRemote ? null : catalog.FindAny(nameOrId);
        if (local is { Image.IsList: true })
        {
            return ListStore.ToModel(_lists.Settled(local.Image));
        }
        // An image that was pulled has the name of the list that it came from, and its registry has that list.
        if (local is not null && (local.Name is not { } full || full.StartsWith("localhost/", StringComparison.Ordinal)))
        {
            throw ListStore.NotAList(local.Name ?? nameOrId);
        }
        var found = await new RegistryReader(environment, configuration, options).ReadAsync(local?.Name ?? nameOrId, cancellationToken);
        return found.Manifest.IsIndex ? ListStore.ToModel(found.Manifest, found.Name.ToString()) : throw ListStore.NotAList(found.Name.ToString());
    }

    /// <summary>Whether there is a list of this name.</summary>
    /// <exception cref="ContainerEngineException">NotAManifestList: an image has it.</exception>
    internal bool Exists(string nameOrId) => _lists.Find(nameOrId) is not null;

    /// <summary>All lists, the newest first.</summary>
    internal IEnumerable<ContainerManifest> List() => _lists.List();

    /// <summary>A list of the store.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, NotAManifestList.</exception>
    internal StoredImage Get(string nameOrId) => _lists.Get(nameOrId).Image;

    /// <summary>Makes up for whoever was killed while changing a list.</summary>
    internal StoredImage Settle(StoredImage list) => _lists.Settled(list);

    private MemberFinder Finder(RegistryOptions options) => new(storage, catalog, new RegistryReader(environment, configuration, options));

    private async Task<IReadOnlyList<ListMember>> FindAsync(IReadOnlyList<string> names, bool all, RegistryOptions options, CancellationToken cancellationToken)
    {
        var finder = Finder(options);
        var members = new List<ListMember>();
        foreach (var name in names)
        {
            members.AddRange(await finder.FindAsync(name, all, cancellationToken));
        }
        return members;
    }

    private static async Task<string> EntryAsync(MemberFinder finder, StoredImage list, string listName, string image, CancellationToken cancellationToken)
    {
        if (ContentDigest.TryParse(image, out _))
        {
            return image;
        }
        var content = ListContent.Read(list);
        return (await finder.DigestsAsync(image, cancellationToken)).FirstOrDefault(digest => content.Find(digest) is not null) ?? throw NoSuchImage(image, listName);
    }

    /// <summary>What a list says of an image, changed.</summary>
    internal static Descriptor Apply(Descriptor entry, ManifestImageChange change)
    {
        var platform = entry.Platform ?? new PlatformRecord();
        platform = platform with
        {
            Os = change.Os ?? platform.Os,
            Architecture = change.Architecture ?? platform.Architecture,
            // Another architecture's variant would mean nothing.
            Variant = change.Variant ?? (change.Architecture is null ? platform.Variant : null),
            OsVersion = change.OsVersion ?? platform.OsVersion,
            OsFeatures = change.OsFeatures.Count > 0 ? change.OsFeatures : platform.OsFeatures,
            Features = change.Features.Count > 0 ? change.Features : platform.Features,
        };
        return entry with
        {
            Platform = change.HasPlatform ? platform : entry.Platform,
            Annotations = change.Annotations.Count > 0 ? ListContent.Merge(entry.Annotations, change.Annotations) : entry.Annotations,
        };
    }

    private static ContainerEngineException NameInUse(string name, string owner) => new(ErrorKind.NameInUse, "NameInUse",
        $"image name \"{name}\" is already associated with image \"{owner}\": that name is already in use", name, "choose another name, or --amend the list of that name");

    private static ContainerEngineException NoSuchImage(string digest, string list) => new(ErrorKind.NotFound, "ManifestImageNotFound",
        $"the list {list} has no image {digest}", digest, "manifest inspect shows what it has");
}

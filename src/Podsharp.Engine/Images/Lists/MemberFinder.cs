using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Lists;

/// <summary>Finds the images that people want in lists: local ones first, then registries'; a transport before the name says where.</summary>
/// <remarks>podman asks the registry first, even for <c>app</c>, which nobody but this host may have: that takes the time that a network takes, tells a stranger the name, and
/// gives an old image of a name where a new one was just built.</remarks>
internal sealed class MemberFinder(ContainerStorage storage, ImageCatalog catalog, RegistryReader registries)
{
    private const string StoragePrefix = "containers-storage:";
    private const string RegistryPrefix = "docker://";
    private static readonly string[] s_files = ["oci:", "oci-archive:", "docker-archive:", "dir:", "docker-daemon:"];

    /// <summary>The entries for a name: one for an image, and of a list the one for this host, or all.</summary>
    /// <exception cref="ContainerEngineException">NotFound and what a registry raises; PlatformNotFound; Unsupported: nothing can be taken from there.</exception>
    internal async Task<IReadOnlyList<ListMember>> FindAsync(string name, bool all, CancellationToken cancellationToken) =>
        FindLocal(name) is { } local ? OfLocal(local, name, all) : OfRegistry(await ReadAsync(name, cancellationToken), all);

    /// <summary>What a name itself stands for, as a subject: an image or a whole list.</summary>
    /// <exception cref="ContainerEngineException">NotFound and what a registry raises.</exception>
    internal async Task<Descriptor> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        if (FindLocal(name) is { } local)
        {
            return local.IsList ? Describe(ImageManifest.Parse(ListContent.Read(local).ToBytes(), null, name)) : Describe(ManifestOf(local));
        }
        return Describe((await ReadAsync(name, cancellationToken)).Manifest);
    }

    /// <summary>The digests by which a list may name an image.</summary>
    /// <exception cref="ContainerEngineException">NotFound and what a registry raises.</exception>
    internal async Task<IReadOnlyList<string>> DigestsAsync(string name, CancellationToken cancellationToken) =>
        FindLocal(name) is { } local ? local.Digests : [ContentDigest.Of((await ReadAsync(name, cancellationToken)).Manifest.Bytes).ToString()];

    private StoredImage? FindLocal(string name)
    {
        if (s_files.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } transport)
        {
            throw EngineErrors.Unsupported($"a list can't name an image in {transport}", name, "load it first, or push it to a registry");
        }
        if (name.StartsWith(RegistryPrefix, StringComparison.Ordinal))
        {
            return null;
        }
        return name.StartsWith(StoragePrefix, StringComparison.Ordinal) ? catalog.GetAny(ListPlaces.LocalName(name)!).Image : catalog.FindAny(name)?.Image;
    }

    private async Task<RegistryManifest> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await registries.ReadAsync(name, cancellationToken);
        }
        catch (ContainerEngineException error) when (!name.StartsWith(RegistryPrefix, StringComparison.Ordinal))
        {
            throw new ContainerEngineException(error.Kind, error.ErrorId, $"{name}: image not known, and not to be had from a registry: {error.Reason}", name, error.Remedy, error);
        }
    }

    private IReadOnlyList<ListMember> OfLocal(StoredImage image, string name, bool all)
    {
        if (!image.IsList)
        {
            return [OfImage(image)];
        }
        if (!all)
        {
            return [OfImage(catalog.ImageOf(image, null) ?? throw ImageCatalog.NoImageFor(name, PlatformChoice.Host))];
        }
        var content = ListContent.Read(image);
        return [.. content.Entries.Select(entry => new ListMember(entry, content.Places.GetValueOrDefault(entry.Digest) ?? throw new ContainerEngineException(
            ErrorKind.DataCorrupt, "InvalidManifest", $"the list {name} doesn't tell where its image {entry.Digest} is", name, "remove that image from it, and add it again")))];
    }

    /// <summary>The entry for an image of the store.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is damaged, or has no manifest.</exception>
    internal ListMember OfImage(StoredImage image)
    {
        var config = catalog.ReadConfig(image);
        return new(Describe(ManifestOf(image)) with { Platform = PlatformOf(config) }, ListPlaces.OfLocal(storage.Configuration, image.Id));
    }

    private ImageManifest ManifestOf(StoredImage image) => catalog.ReadManifest(image) ?? throw new ContainerEngineException(ErrorKind.DataCorrupt, "ImageDataMissing",
        $"the image {image.Names.FirstOrDefault() ?? image.Id[..12]} has no manifest, which a list could name", image.Id, "save and load it, or pull it again");

    private static IReadOnlyList<ListMember> OfRegistry(RegistryManifest found, bool all)
    {
        var place = ListPlaces.OfRegistry(found.Name);
        if (!found.Manifest.IsIndex)
        {
            return [new(Describe(found.Manifest) with { Platform = found.Config is { } config ? PlatformOf(config) : null }, place)];
        }
        foreach (var entry in found.Manifest.Manifests!)
        {
            _ = ContentDigest.Parse(entry.Digest, $"the list {found.Name}");
        }
        return all ? [.. found.Manifest.Manifests!.Select(entry => new ListMember(entry, place))]
            : [new(PlatformChoice.Choose(found.Manifest, PlatformChoice.Host, found.Name.ToString()), place)];
    }

    private static Descriptor Describe(ImageManifest manifest) => new()
    {
        MediaType = manifest.Type,
        Digest = ContentDigest.Of(manifest.Bytes).ToString(),
        Size = manifest.Bytes.Length,
        ArtifactType = !string.IsNullOrEmpty(manifest.ArtifactType) ? manifest.ArtifactType
            : manifest.Config is { } config && !MediaTypes.IsConfig(config.MediaType) ? config.MediaType : null,
    };

    private static PlatformRecord PlatformOf(ImageConfigFile config) => new()
    {
        Os = config.Os ?? "",
        Architecture = config.Architecture ?? "",
        OsVersion = config.OsVersion,
        OsFeatures = config.OsFeatures,
        Variant = config.Variant,
    };
}

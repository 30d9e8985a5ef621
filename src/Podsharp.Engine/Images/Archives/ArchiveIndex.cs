using System.Text.Json;
using Podsharp.Engine.Json;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>What an archive's documents tell of its images: an OCI layout, an archive of Docker's, or the transport <c>dir</c>.</summary>
/// <param name="platform">Which image to choose where there are several for different platforms.</param>
/// <param name="reference">The one image that is wanted, by name or <c>@N</c>; null for all.</param>
internal sealed class ArchiveIndex(ImagePlatform platform, string? reference)
{
    /// <summary>The largest document that is kept in memory.</summary>
    internal const int LargestDocument = 16 * 1024 * 1024;
    private const int LargestTotal = 64 * 1024 * 1024;
    private const int DeepestIndex = 4;
    private const int LongestLinkChain = 8;
    // containerd writes the full name here, and only the tag into the specification's own annotation.
    private const string ContainerdNameAnnotation = "io.containerd.image.name";

    private readonly Dictionary<string, byte[]> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private long _total;

    /// <summary>The file whose lack ended the last reading.</summary>
    internal string? Missing { get; private set; }

    /// <summary>The transport whose form the archive has, once it was read: <c>oci</c>, <c>docker-archive</c> or <c>dir</c>.</summary>
    internal string Transport { get; private set; } = "";

    /// <summary>Keeps a document.</summary>
    /// <exception cref="ContainerEngineException">There are more than any honest archive has (ArchiveCorrupt).</exception>
    internal void Add(string name, byte[] content)
    {
        _total += content.Length;
        if (_total > LargestTotal)
        {
            throw TarError.Damaged("it has more than 64 MiB of descriptions");
        }
        _documents[name] = content;
    }

    /// <summary>Keeps a link.</summary>
    internal void AddLink(string name, string target) => _links[name] = target;

    /// <summary>The file that a path leads to, through links inside the archive.</summary>
    internal string Resolve(string path)
    {
        for (var i = 0; i < LongestLinkChain && _links.TryGetValue(path, out var target); i++)
        {
            path = target;
        }
        return path;
    }

    /// <summary>The images that are wanted; null while a document is missing.</summary>
    /// <exception cref="ContainerEngineException">A document is damaged, or describes what is no image; there is none of that name (NotFound).</exception>
    internal IReadOnlyList<ArchivedImage>? TryRead() => ReadAll() is not { Count: > 0 } images ? null : reference is null ? images : [Choose(images, reference)];

    private static ArchivedImage Choose(IReadOnlyList<ArchivedImage> images, string reference)
    {
        if (reference.StartsWith('@'))
        {
            return int.TryParse(reference.AsSpan(1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number < images.Count
                ? images[number] : throw EngineErrors.InvalidArgument($"there is no image {reference} in the archive: it has {images.Count}", reference);
        }
        var name = FullNames(reference).FirstOrDefault() ?? throw ImageReference.Invalid(reference, "it names no image");
        return images.FirstOrDefault(image => image.Names.Contains(name)) is { } found ? found with { Names = [name] }
            : throw new ContainerEngineException(ErrorKind.NotFound, "ImageNotInArchive", $"the archive has no image {name}", reference,
                $"it has {string.Join(", ", images.SelectMany(image => image.Names.DefaultIfEmpty("one without a name")))}");
    }

    private IReadOnlyList<ArchivedImage>? ReadAll()
    {
        Missing = null;
        // Newer Dockers write both forms at once; OCI's keeps the manifests.
        if (_documents.TryGetValue("index.json", out var index) && _documents.ContainsKey("oci-layout"))
        {
            Transport = "oci";
            return ReadLayout(index);
        }
        if (!_documents.TryGetValue("manifest.json", out var manifest))
        {
            Missing = "manifest.json";
            return null;
        }
        Transport = manifest.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'[', ..] ? "docker-archive" : "dir";
        return Transport == "dir" ? Single(ReadDirectory(manifest)) : ReadDocker(manifest);
    }

    private static IReadOnlyList<ArchivedImage>? Single(ArchivedImage? image) => image is null ? null : [image];

    private List<ArchivedImage>? ReadLayout(byte[] bytes)
    {
        var index = ImageManifest.Parse(bytes, MediaTypes.OciIndex, "the archive's index");
        var images = new List<ArchivedImage>();
        // Entries of one name are one image for several platforms.
        foreach (var group in (index.Manifests ?? []).GroupBy(NameOf))
        {
            var entries = group.ToList();
            var chosen = entries.Count == 1 ? entries[0] : PlatformChoice.Choose(index with { Manifests = entries }, platform, group.Key ?? "the archive");
            if (ReadImage(chosen, group.Key ?? $"the image {chosen.Digest}", BlobPath) is not { } image)
            {
                return null;
            }
            images.Add(image with { Names = FullNames(group.Key) });
        }
        return images;
    }

    private ArchivedImage? ReadDirectory(byte[] bytes)
    {
        var digest = ContentDigest.Of(bytes);
        // The image's own manifest has a plain name here, those that an index names have a longer one.
        return ReadManifest([(digest, bytes)], "the archive's image", blob => blob.Hex, blob => blob.Hex + ".manifest.json");
    }

    private ArchivedImage? ReadImage(Descriptor entry, string where, Func<ContentDigest, string> pathOf)
    {
        var digest = ContentDigest.Parse(entry.Digest, where);
        return Document(pathOf(digest), digest) is { } bytes ? ReadManifest([(digest, bytes)], where, pathOf, pathOf) : null;
    }

    private ArchivedImage? ReadManifest(List<(ContentDigest Digest, byte[] Bytes)> manifests, string where, Func<ContentDigest, string> pathOf, Func<ContentDigest, string> manifestPathOf)
    {
        var manifest = ImageManifest.Parse(manifests[^1].Bytes, null, where);
        if (!manifest.IsIndex)
        {
            manifest.CheckImage(where);
            if ((manifest.Layers ?? []).Any(layer => MediaTypes.IsEncrypted(layer.MediaType)))
            {
                throw new ContainerEngineException(ErrorKind.PermissionDenied, "LayerEncrypted", $"{where} has encrypted layers, which can't be loaded", where,
                    "take it with its key: image copy --decryption-key");
            }
            var config = ContentDigest.Parse(manifest.Config!.Digest, where);
            return Document(pathOf(config), config) is not { } bytes ? null
                : ArchivedImage.Create(where, bytes, [.. (manifest.Layers ?? []).Select(layer => (Resolve(pathOf(ContentDigest.Parse(layer.Digest, where))), (Descriptor?)layer))])
                    with { Manifests = manifests };
        }
        if (manifests.Count == DeepestIndex)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"{where} leads through too many indexes", where);
        }
        var digest = ContentDigest.Parse(PlatformChoice.Choose(manifest, platform, where).Digest, where);
        return Document(manifestPathOf(digest), digest) is not { } next ? null : ReadManifest([.. manifests, (digest, next)], where, pathOf, manifestPathOf);
    }

    private List<ArchivedImage>? ReadDocker(byte[] bytes)
    {
        var images = new List<ArchivedImage>();
        foreach (var entry in ParseEntries(bytes))
        {
            if (Document(entry.Config, null) is not { } config)
            {
                return null;
            }
            var where = entry.Names.FirstOrDefault() ?? $"the image {entry.Config}";
            images.Add(ArchivedImage.Create(where, config, [.. entry.Layers.Select(layer => (Resolve(layer), (Descriptor?)null))])
                with { Names = [.. entry.Names.SelectMany(FullNames).Distinct()] });
        }
        return images;
    }

    private static List<DockerEntry> ParseEntries(byte[] bytes)
    {
        try
        {
            return JsonRow.ParseList(bytes, anyCase: true, row => new DockerEntry(Normalise(row.Text("Config", "")),
                [.. (row.Texts("RepoTags") ?? []).OfType<string>()], [.. (row.Texts("Layers") ?? []).OfType<string>().Select(Normalise)]));
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", "the archive's manifest.json is not valid", null, innerException: error);
        }
    }

    private static string Normalise(string path) => System.Text.Encoding.UTF8.GetString(TarPath.Normalise(System.Text.Encoding.UTF8.GetBytes(path)));

    private byte[]? Document(string path, ContentDigest? digest)
    {
        if (!_documents.TryGetValue(Resolve(path), out var bytes))
        {
            Missing ??= path;
            return null;
        }
        return digest is not { } expected || expected.Same(bytes) == expected ? bytes
            : throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch", $"the archive's file {path} has the digest {expected.Same(bytes)} instead of {expected}", path,
                "the archive is damaged or was tampered with: get it again from its source");
    }

    private static string BlobPath(ContentDigest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    private static string? NameOf(Descriptor entry) => entry.Annotations?.GetValueOrDefault(ContainerdNameAnnotation) ?? entry.Annotations?.GetValueOrDefault(OciLayout.NameAnnotation);

    // What is no name (the specification allows other things) names nothing here.
    private static IReadOnlyList<string> FullNames(string? name) =>
        name is { Length: > 0 } && ImageReference.TryParse(name, out _, out _) && ImageService.LocalName(name) is { Digest: null } reference ? [reference.StoredName] : [];

    private sealed record DockerEntry(string Config, IReadOnlyList<string> Names, IReadOnlyList<string> Layers);
}

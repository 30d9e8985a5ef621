using System.Globalization;
using Podsharp.Engine.Images.Archives;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>An image in an OCI layout (image-spec image-layout.md).</summary>
internal sealed class LayoutOrigin : ImageOrigin
{
    private readonly ImageFiles _files;
    private readonly string _name;
    private readonly Descriptor _top;

    private LayoutOrigin(ImageFiles files, string name, Descriptor top) => (_files, _name, _top) = (files, name, top);

    /// <inheritdoc/>
    internal override string Name => _name;

    /// <summary>Opens an image.</summary>
    /// <param name="files">The layout, which becomes the origin's own.</param>
    /// <param name="place">Where it is, with the image's name in it or its number (<c>@N</c>); where there is one only, it needs none.</param>
    /// <exception cref="ContainerEngineException">It is no layout, or has no such image.</exception>
    internal static LayoutOrigin Open(ImageFiles files, ImagePlace place)
    {
        if (files.TryRead("index.json") is not { } bytes)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "NotAnImageArchive", $"{place.Path} holds no OCI layout: it has no index.json", place.Path);
        }
        var entries = ImageManifest.Parse(bytes, MediaTypes.OciIndex, $"the index of {place}").Manifests ?? [];
        return new LayoutOrigin(files, place.ToString(), Choose(entries, place));
    }

    /// <inheritdoc/>
    internal override Task<ManifestAnswer> ReadManifestAsync(ContentDigest? digest, CancellationToken cancellationToken)
    {
        var wanted = digest ?? ContentDigest.Parse(_top.Digest, $"the index of {_name}");
        var bytes = _files.Read(PathOf(wanted));
        if (wanted.Same(bytes) != wanted)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch", $"the manifest {wanted} of {_name} has the digest {wanted.Same(bytes)}", _name, "this copy is damaged");
        }
        return Task.FromResult(new ManifestAnswer(bytes, digest is null ? _top.MediaType : null, wanted));
    }

    /// <inheritdoc/>
    internal override ValueTask<BlobSource> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        new(_files.OpenFile(PathOf(ContentDigest.Parse(blob.Digest, $"the manifest of {_name}"))).ToBlob());

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _files.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Descriptor Choose(IReadOnlyList<Descriptor> entries, ImagePlace place)
    {
        if (place.Name is null)
        {
            return entries.Count == 1 ? entries[0] : throw new ContainerEngineException(entries.Count == 0 ? ErrorKind.NotFound : ErrorKind.Ambiguous, "ImageNotInArchive",
                $"{place} has {entries.Count} images", place.Path, entries.Count == 0 ? null : $"name one: {Known(entries)}");
        }
        if (place.Name.StartsWith('@') && int.TryParse(place.Name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < entries.Count)
        {
            return entries[number];
        }
        return entries.FirstOrDefault(entry => NameOf(entry) == place.Name)
            ?? throw new ContainerEngineException(ErrorKind.NotFound, "ImageNotInArchive", $"{place.Path} has no image {place.Name}", place.Path, $"it has {Known(entries)}");
    }

    private static string Known(IReadOnlyList<Descriptor> entries) => string.Join(", ", entries.Select((entry, i) => NameOf(entry) ?? $"@{i}").DefaultIfEmpty("none"));

    private static string? NameOf(Descriptor entry) => entry.Annotations?.GetValueOrDefault(OciLayout.NameAnnotation);

    private static string PathOf(ContentDigest digest) => OciLayout.BlobName(digest);
}

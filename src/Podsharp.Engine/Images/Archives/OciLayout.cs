using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>An OCI image layout (image-spec image-layout.md).</summary>
/// <param name="target">Where the tar goes.</param>
/// <param name="compress">Whether layers are compressed.</param>
/// <param name="spoolDirectory">Where layers wait until their digest is known.</param>
internal sealed class OciLayout(Stream target, bool compress, string spoolDirectory) : ImageArchive(target)
{
    /// <summary>Annotation of an entry of the index: the image's name.</summary>
    internal const string NameAnnotation = "org.opencontainers.image.ref.name";

    private readonly List<Descriptor> _manifests = [];
    private readonly Dictionary<ContentDigest, PackedLayer> _packed = [];

    /// <inheritdoc/>
    internal override async Task AddAsync(ImageSource source, IReadOnlyList<string> names, string reference, CancellationToken cancellationToken)
    {
        AddOnce("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8);
        var layers = new List<Descriptor>();
        foreach (var layer in source.Layers)
        {
            if (!_packed.TryGetValue(layer.DiffId, out var packed))
            {
                packed = await PackAsync(source, layer, reference, cancellationToken);
                _packed.Add(layer.DiffId, packed);
            }
            layers.Add(layer.Describe(ImageFormat.Oci, packed.Digest, packed.Size, packed.Compression));
        }
        AddConfig(BlobName(source.ConfigDigest), source, reference);
        var manifest = source.BuildManifest(ImageFormat.Oci, layers);
        var digest = ContentDigest.Of(manifest);
        AddOnce(BlobName(digest), manifest);
        foreach (var name in names.Count == 0 ? (IReadOnlyList<string?>)[null] : names)
        {
            Describe(digest, manifest.Length, name);
        }
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        Tar.Add("index.json", ImageManifestJson.WriteIndex(_manifests));
        Tar.Finish();
    }

    private async Task<PackedLayer> PackAsync(ImageSource source, SourceLayer layer, string reference, CancellationToken cancellationToken) => compress
        ? await AddCompressedAsync(BlobName, source, layer, spoolDirectory, reference, cancellationToken)
        : new PackedLayer(layer.DiffId, await AddPlainAsync(BlobName(layer.DiffId), source, layer, reference, cancellationToken), LayerCompression.None);

    private void Describe(ContentDigest digest, long size, string? name)
    {
        var descriptor = new Descriptor
        {
            MediaType = MediaTypes.OciManifest,
            Digest = digest.ToString(),
            Size = size,
            Annotations = name is null ? null : new() { [NameAnnotation] = name },
        };
        if (!_manifests.Exists(known => known.Digest == descriptor.Digest && known.Annotations?.GetValueOrDefault(NameAnnotation) == name))
        {
            _manifests.Add(descriptor);
        }
    }

    /// <summary>The file of a blob.</summary>
    internal static string BlobName(ContentDigest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";
}

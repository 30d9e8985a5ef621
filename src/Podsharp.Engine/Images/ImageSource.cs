using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>An image of the store as it can be carried elsewhere: its configuration byte for byte, its layers as the exact tars they came
/// from, and a manifest for the form that they take there. Pushing and saving build on it.</summary>
/// <remarks>Whoever carries it packs each layer with <see cref="LayerPacker"/> (or names one that the target already has), describes the
/// blob with <see cref="SourceLayer.Describe"/>, and asks for the manifest at the end.</remarks>
internal sealed class ImageSource
{
    private readonly ContainerStorage _storage;

    private ImageSource(ContainerStorage storage, StoredImage image, byte[] config, ImageManifest? manifest)
    {
        _storage = storage;
        Image = image;
        Manifest = manifest;
        ConfigBytes = config;
        ConfigDigest = ContentDigest.Of(config);
        Config = ImageConfigFile.Parse(config, image.Id);
        Layers = FindLayers();
    }

    /// <summary>The image in the store.</summary>
    internal StoredImage Image { get; }

    /// <summary>The manifest it came or was made with; null where the store has none.</summary>
    internal ImageManifest? Manifest { get; }

    /// <summary>The configuration, the same in both forms.</summary>
    internal byte[] ConfigBytes { get; }

    /// <summary>The configuration's digest: the image's id for everybody.</summary>
    internal ContentDigest ConfigDigest { get; }

    /// <summary>What the configuration says.</summary>
    internal ImageConfigFile Config { get; }

    /// <summary>The layers, lowest first.</summary>
    internal IReadOnlyList<SourceLayer> Layers { get; }

    /// <summary>The form of the stored manifest.</summary>
    internal ImageFormat Format => Manifest is { } manifest ? MediaTypes.FormatOf(manifest.Type) : ImageFormat.Oci;

    /// <summary>Opens an image.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is damaged, or layers and configuration don't fit each other. Unsupported:
    /// it is a list of images.</exception>
    internal static ImageSource Open(ContainerStorage storage, ImageCatalog catalog, StoredImage image)
    {
        var manifest = catalog.ReadManifest(image);
        if (manifest is { IsIndex: true })
        {
            throw EngineErrors.Unsupported($"{image.Names.FirstOrDefault() ?? image.Id} is a list of images", image.Id, "name one of its images");
        }
        return new ImageSource(storage, image, catalog.ReadConfigBytes(image), manifest);
    }

    /// <summary>Opens a layer's tar. The digest is compared with the layer's as it is read: the last read fails if they differ.</summary>
    internal Stream OpenTar(SourceLayer layer) => new VerifiedTarStream(_storage.OpenLayerTar(layer.Stored.Id), layer);

    /// <summary>Opens a layer's tar without comparing its digest: for <see cref="LayerPacker"/>, which does that on a thread of its own.</summary>
    internal Stream OpenUnverified(SourceLayer layer) => _storage.OpenLayerTar(layer.Stored.Id);

    /// <summary>The manifest for the image with these blobs as its layers. Where it says the same as the stored one, it is that, byte for byte.</summary>
    /// <param name="format">Which form.</param>
    /// <param name="layers">The blobs, lowest first, described for that form.</param>
    internal byte[] BuildManifest(ImageFormat format, IReadOnlyList<Descriptor> layers)
    {
        if (Manifest is { } stored && MediaTypes.FormatOf(stored.Type) == format && stored.Config?.Digest == ConfigDigest.ToString() &&
            Describes(stored.Layers ?? [], layers))
        {
            return stored.Bytes;
        }
        var config = new Descriptor { Digest = ConfigDigest.ToString(), Size = ConfigBytes.Length };
        return ImageManifestJson.Write(format, config, layers, Manifest?.Annotations);
    }

    private static bool Describes(IReadOnlyList<Descriptor> stored, IReadOnlyList<Descriptor> layers) => stored.Count == layers.Count &&
        stored.Zip(layers).All(pair => pair.First.Digest == pair.Second.Digest && pair.First.Size == pair.Second.Size && pair.First.MediaType == pair.Second.MediaType);

    private List<SourceLayer> FindLayers()
    {
        var chain = Image.TopLayerId is { } top ? _storage.GetLayerChain(top) : [];
        var diffIds = Config.DiffIds;
        if (chain.Count != diffIds.Count)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidImageConfig",
                $"the image {Image.Id[..12]} has {chain.Count} layers, but its configuration speaks of {diffIds.Count}", Image.Id, "remove and pull the image again");
        }
        var blobs = Manifest?.Layers is { } known && known.Count == diffIds.Count ? known : null;
        var layers = new List<SourceLayer>();
        for (var i = 0; i < diffIds.Count; i++)
        {
            var stored = chain[^(i + 1)];
            layers.Add(new SourceLayer
            {
                Stored = stored,
                DiffId = ContentDigest.Parse(diffIds[i], $"the configuration of image {Image.Id[..12]}"),
                DiffSize = stored.DiffDigest == diffIds[i] && stored.DiffSize is >= 0 ? stored.DiffSize : null,
                KnownBlob = blobs is not null && IsUsable(blobs[i]) ? Corrected(blobs[i], diffIds[i]) : null,
            });
        }
        return layers;
    }

    // Manifests made for archives of Docker's call plain layers compressed.
    private static Descriptor Corrected(Descriptor blob, string diffId) => blob.Digest != diffId ? blob
        : blob with { MediaType = MediaTypes.Layer(MediaTypes.FormatOfLayer(blob.MediaType), LayerCompression.None) };

    private static bool IsUsable(Descriptor blob) => blob.Size > 0 && MediaTypes.IsLayer(blob.MediaType) && !MediaTypes.IsEncrypted(blob.MediaType) && ContentDigest.TryParse(blob.Digest, out _);
}

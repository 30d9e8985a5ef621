using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>What a registry (or another place) says about an image: the manifests on the way to it, and its configuration.</summary>
internal sealed class RemoteImage
{
    private const int DeepestIndex = 4;

    private readonly List<(ContentDigest Digest, byte[] Bytes)> _manifests;
    private readonly ImageManifest _manifest;
    private byte[] _configBytes = [];
    private IReadOnlyDictionary<string, LayerKey>? _keys;

    private RemoteImage(List<(ContentDigest, byte[])> manifests, ImageManifest manifest)
    {
        _manifests = manifests;
        _manifest = manifest;
    }

    /// <summary>Digest of what the name stands for: of the index, where there is one.</summary>
    internal ContentDigest Digest => _manifests[0].Digest;

    /// <summary>Digest of the image's own manifest.</summary>
    internal ContentDigest ManifestDigest => _manifests[^1].Digest;

    /// <summary>Media type of the image's own manifest.</summary>
    internal string ManifestType => _manifest.Type;

    /// <summary>The image's signatures, which are for its own manifest; after <see cref="ReadSignaturesAsync"/>.</summary>
    internal IReadOnlyList<ImageSignature> Signatures { get; private set; } = [];

    /// <summary>The image's id in the store: its configuration's digest.</summary>
    internal string ImageId => ConfigDigest.Hex;

    /// <summary>Annotations of the image's own manifest.</summary>
    internal IReadOnlyDictionary<string, string> Annotations => _manifest.Annotations ?? (IReadOnlyDictionary<string, string>)EmptyDictionary.Strings;

    /// <summary>The configuration, byte for byte; after <see cref="ReadConfigAsync"/>.</summary>
    internal byte[] ConfigBytes => _configBytes;

    /// <summary>The layers' blobs, lowest first.</summary>
    internal IReadOnlyList<Descriptor> Layers => _manifest.Layers ?? [];

    /// <summary>The configuration; after <see cref="ReadConfigAsync"/>.</summary>
    internal ImageConfigFile Config { get; private set; } = new();

    private bool IsEncrypted => Layers.Any(layer => MediaTypes.IsEncrypted(layer.MediaType));

    // Where an index led to it, its manifest has a name of its own.
    private ContentDigest? Listed => _manifests.Count > 1 ? ManifestDigest : null;

    private ContentDigest ConfigDigest => ContentDigest.Parse(_manifest.Config!.Digest, "the manifest");

    /// <summary>Reads the manifest, through indexes if need be.</summary>
    /// <exception cref="ContainerEngineException">What the registry raises; PlatformNotFound; Unsupported for what is no image.</exception>
    internal static async Task<RemoteImage> ReadAsync(ImageOrigin origin, ImagePlatform platform, CancellationToken cancellationToken)
    {
        var manifests = new List<(ContentDigest, byte[])>();
        var source = origin.Name;
        ContentDigest? key = null;
        while (manifests.Count < DeepestIndex)
        {
            var answer = await origin.ReadManifestAsync(key, cancellationToken);
            manifests.Add((answer.Digest, answer.Bytes));
            var manifest = ImageManifest.Parse(answer.Bytes, answer.ContentType, source);
            if (!manifest.IsIndex)
            {
                manifest.CheckImage(source);
                return new RemoteImage(manifests, manifest);
            }
            key = ContentDigest.Parse(PlatformChoice.Choose(manifest, platform, source).Digest, $"the index of {source}");
        }
        throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"the index of {source} leads through too many indexes", source);
    }

    /// <summary>Asks the place's policy whether the image is accepted.</summary>
    /// <exception cref="ContainerEngineException">PolicyRejected; what reading signatures raises.</exception>
    internal Task CheckAsync(ImageOrigin origin, CancellationToken cancellationToken) => origin.CheckAsync(_manifests[^1].Bytes, Listed, cancellationToken);

    /// <summary>Reads the signatures, to keep them.</summary>
    internal async Task ReadSignaturesAsync(ImageOrigin origin, CancellationToken cancellationToken) =>
        Signatures = [.. (await origin.ReadSignaturesAsync(Listed, cancellationToken)).Select(ImageSignature.FromBlob)];

    /// <summary>Opens the keys of encrypted layers: before anything is fetched.</summary>
    /// <exception cref="ContainerEngineException">LayerEncrypted: there is no key for one of them; DataCorrupt; Unsupported: it is encrypted otherwise.</exception>
    internal void Unlock(LayerDecryption keys, ImageOrigin origin) => _keys = keys.OpenAll(Layers, origin.Name);

    /// <summary>The key of a layer; null where it isn't encrypted. After <see cref="Unlock"/>.</summary>
    internal LayerKey? KeyOf(Descriptor layer) => !MediaTypes.IsEncrypted(layer.MediaType) ? null
        : _keys?.GetValueOrDefault(layer.Digest) ?? throw new InvalidOperationException("its keys were not opened");

    /// <summary>Reads and checks the configuration.</summary>
    internal async Task ReadConfigAsync(ImageOrigin origin, CancellationToken cancellationToken)
    {
        var bytes = await origin.ReadBlobAsync(_manifest.Config!, "configuration", cancellationToken);
        Config = ImageConfigFile.Parse(bytes, origin.Name);
        _configBytes = bytes;
        Config.CheckLayers(Layers.Count, origin.Name);
    }

    /// <summary>The image as it is recorded.</summary>
    /// <param name="topLayer">Its top layer, or null for none.</param>
    /// <param name="name">Its name.</param>
    /// <param name="layers">The layers without their encryption.</param>
    internal ImageCommit ToCommit(string? topLayer, string name, IReadOnlyList<Descriptor> layers)
    {
        if (!IsEncrypted)
        {
            return StoredSignatures.AddTo(ImageCommits.Create(_manifests, ConfigDigest, _configBytes, Config, topLayer, [name]), ManifestDigest, Signatures);
        }
        // The image's manifest tells of the layers as they are here, as with podman; the one it came with leads to it. Signatures are for that one.
        var plain = ImageManifestJson.Write(ImageFormat.Oci, _manifest.Config!, layers, _manifest.Annotations);
        return ImageCommits.Create([.. _manifests, (ContentDigest.Of(plain), plain)], ConfigDigest, _configBytes, Config, topLayer, [name]);
    }
}

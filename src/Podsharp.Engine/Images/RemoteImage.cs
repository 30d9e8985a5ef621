using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>What a registry says about an image: the manifests on the way to it, and its configuration.</summary>
internal sealed class RemoteImage
{
    private const int DeepestIndex = 4;

    private readonly List<(ContentDigest Digest, byte[] Bytes)> _manifests;
    private readonly ImageManifest _manifest;
    private byte[] _configBytes = [];

    private RemoteImage(List<(ContentDigest, byte[])> manifests, ImageManifest manifest)
    {
        _manifests = manifests;
        _manifest = manifest;
    }

    /// <summary>Digest of what the name stands for: of the index, where there is one.</summary>
    internal ContentDigest Digest => _manifests[0].Digest;

    /// <summary>The image's id in the store: its configuration's digest.</summary>
    internal string ImageId => ConfigDigest.Hex;

    /// <summary>The layers' blobs, lowest first.</summary>
    internal IReadOnlyList<Descriptor> Layers => _manifest.Layers ?? [];

    /// <summary>The configuration; after <see cref="ReadConfigAsync"/>.</summary>
    internal ImageConfigFile Config { get; private set; } = new();

    private ContentDigest ConfigDigest => ContentDigest.Parse(_manifest.Config!.Digest, "the manifest");

    /// <summary>Reads the manifest, through indexes if need be.</summary>
    /// <exception cref="ContainerEngineException">What the registry raises; PlatformNotFound; Unsupported for what is no image.</exception>
    internal static async Task<RemoteImage> ReadAsync(RegistryClient client, ImageReference source, ImagePlatform platform, CancellationToken cancellationToken)
    {
        var manifests = new List<(ContentDigest, byte[])>();
        var key = source.ManifestKey;
        while (manifests.Count < DeepestIndex)
        {
            var answer = await client.GetManifestAsync(source.Path, key, cancellationToken);
            manifests.Add((answer.Digest, answer.Bytes));
            var manifest = ImageManifest.Parse(answer.Bytes, answer.ContentType, source.ToString());
            if (!manifest.IsIndex)
            {
                manifest.CheckImage(source.ToString());
                return new RemoteImage(manifests, manifest);
            }
            key = ContentDigest.Parse(PlatformChoice.Choose(manifest, platform, source.ToString()).Digest, $"the index of {source}").ToString();
        }
        throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"the index of {source} leads through too many indexes", source.ToString());
    }

    /// <summary>Reads and checks the configuration.</summary>
    internal async Task ReadConfigAsync(RegistryClient client, ImageReference source, CancellationToken cancellationToken)
    {
        var descriptor = _manifest.Config!;
        await using var download = client.OpenBlob(source.Path, descriptor);
        var bytes = new byte[descriptor.Size];
        var count = 0;
        for (int read; count < bytes.Length && (read = await download.ReadAsync(bytes.AsMemory(count), cancellationToken)) > 0;)
        {
            count += read;
        }
        if (ConfigDigest.Same(bytes) != ConfigDigest)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch",
                $"the configuration of {source} does not have the digest {descriptor.Digest}", source.ToString(), "the registry's copy is damaged");
        }
        Config = ImageConfigFile.Parse(bytes, source.ToString());
        _configBytes = bytes;
        Config.CheckLayers(Layers.Count, source.ToString());
    }

    /// <summary>The image as it is recorded.</summary>
    /// <param name="topLayer">Its top layer, or null for none.</param>
    /// <param name="name">Its name.</param>
    internal ImageCommit ToCommit(string? topLayer, string name) => ImageCommits.Create(_manifests, ConfigDigest, _configBytes, Config, topLayer, [name]);
}

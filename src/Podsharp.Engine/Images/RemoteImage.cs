using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>What a registry says about an image: the manifests on the way to it, and its configuration.</summary>
internal sealed class RemoteImage
{
    private const int DeepestIndex = 4;
    private const long LargestConfig = 16 * 1024 * 1024;

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
                Check(manifest, source);
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
        if (Config.DiffIds.Count != Layers.Count)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidImageConfig",
                $"{source} has {Layers.Count} layers, but its configuration speaks of {Config.DiffIds.Count}", source.ToString());
        }
        foreach (var diffId in Config.DiffIds)
        {
            _ = ContentDigest.Parse(diffId, $"the configuration of {source}");
        }
    }

    /// <summary>The image as it is recorded.</summary>
    /// <param name="topLayer">Its top layer, or null for none.</param>
    /// <param name="name">Its name.</param>
    internal ImageCommit ToCommit(string? topLayer, string name)
    {
        var data = _manifests.Select(manifest => Item($"manifest-{manifest.Digest}", manifest.Bytes)).ToList();
        data.Add(Item("manifest", _manifest.Bytes));
        data.Add(Item(ConfigDigest.ToString(), _configBytes));
        return new ImageCommit
        {
            Id = ImageId,
            Names = [name],
            TopLayerId = topLayer,
            Digest = Digest.ToString(),
            Created = Config.Created ?? DateTimeOffset.UnixEpoch,
            BigData = data,
        };
    }

    private static KeyValuePair<string, ReadOnlyMemory<byte>> Item(string key, byte[] bytes) => new(key, bytes);

    private static void Check(ImageManifest manifest, ImageReference source)
    {
        var config = manifest.Config!;
        if (!MediaTypes.IsConfig(config.MediaType) || (manifest.Layers ?? []).Any(layer => !MediaTypes.IsLayer(layer.MediaType)))
        {
            var type = manifest.ArtifactType is { Length: > 0 } artifact ? artifact : config.MediaType;
            throw new ContainerEngineException(ErrorKind.Unsupported, "NotAnImage",
                $"{source} is not a container image but an artifact of the type {type}", source.ToString(), "artifacts can't be run");
        }
        if (config.Size is <= 0 or > LargestConfig || (manifest.Layers ?? []).Any(layer => layer.Size < 0))
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"the manifest of {source} has impossible sizes", source.ToString());
        }
        foreach (var descriptor in (manifest.Layers ?? []).Append(config))
        {
            _ = ContentDigest.Parse(descriptor.Digest, $"the manifest of {source}");
        }
    }
}

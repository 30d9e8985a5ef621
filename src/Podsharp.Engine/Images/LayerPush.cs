using System.Collections.Concurrent;
using System.Threading.Channels;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Sees to it that a registry has an image's layers, several at a time: those it has stay, those another of its repositories has are taken
/// over, the rest is sent.</summary>
internal sealed class LayerPush(ContainerStorage storage, RegistryWriter writer, ImageSource source, ImageReference target, PushForm form,
    ChannelWriter<ImagePushProgress> output, long parallelCopies, LayerEncryption? encryption = null)
{
    private const int MostDonors = 4;
    private const long ProgressInterval = 100;

    private readonly Lazy<IReadOnlyList<StoredImage>> _neighbours = new(() => [.. storage.ListImages().Where(image =>
        image.Names.Any(name => name.StartsWith(target.Domain + "/", StringComparison.Ordinal)))]);

    /// <summary>Brings all layers there.</summary>
    /// <returns>The layers, lowest first.</returns>
    /// <exception cref="ContainerEngineException">What the registry and the store raise.</exception>
    internal async Task<IReadOnlyList<PushedLayer>> RunAsync(CancellationToken cancellationToken)
    {
        var encrypted = encryption?.Choose(source.Layers.Count);
        var layers = source.Layers.Select((layer, i) => new PlannedLayer(layer, encrypted?.Contains(i) == true)).ToList();
        var pushed = new ConcurrentDictionary<string, PushedLayer>(StringComparer.Ordinal);
        // Equal layers are sent once.
        await ParallelCopies.RunAsync(layers.DistinctBy(layer => layer.Key), parallelCopies, async (layer, stop) => pushed[layer.Key] = await BringAsync(layer, stop), cancellationToken);
        return [.. layers.Select(layer => pushed[layer.Key])];
    }

    // What was sent before was encrypted for others, with another key, or not at all.
    private async Task<PushedLayer> BringAsync(PlannedLayer layer, CancellationToken cancellationToken) => layer.IsEncrypted
        ? Foreign(layer.Source) is null ? await EncryptAsync(layer.Source, cancellationToken)
            : throw EngineErrors.Unsupported($"the layer {layer.Source.DiffId} stays at addresses of its own, and can't be encrypted", source.Image.Id, "name the others with --encrypt-layer")
        : Foreign(layer.Source) ?? await ReuseAsync(layer.Source, cancellationToken) ?? await SendAsync(layer.Source, cancellationToken);

    /// <summary>A layer that may not be given away has addresses of its own.</summary>
    private static PushedLayer? Foreign(SourceLayer layer) => layer.KnownBlob is { Urls.Count: > 0 } blob && MediaTypes.IsForeign(blob.MediaType)
        ? new PushedLayer(layer, ContentDigest.Parse(blob.Digest, "the manifest"), blob.Size, LayerCompression.None) { Foreign = blob } : null;

    private async Task<PushedLayer?> ReuseAsync(SourceLayer layer, CancellationToken cancellationToken)
    {
        var candidates = Candidates(layer);
        foreach (var candidate in candidates)
        {
            if (await writer.FindBlobAsync(candidate.Digest.ToString(), cancellationToken) is { } size && (size < 0 || size == candidate.Size))
            {
                Report(layer, ImagePushStage.LayerExists, candidate.Size);
                return candidate;
            }
        }
        foreach (var donor in candidates.Count > 0 ? Donors(layer) : [])
        {
            foreach (var candidate in candidates)
            {
                if (await writer.TryMountAsync(candidate.Digest.ToString(), donor, cancellationToken))
                {
                    Report(layer, ImagePushStage.LayerMounted, candidate.Size);
                    return candidate;
                }
            }
        }
        return null;
    }

    /// <summary>The blobs that the layer is known to have been, at some registry.</summary>
    private List<PushedLayer> Candidates(SourceLayer layer)
    {
        var candidates = new List<PushedLayer>();
        if (layer.KnownBlob is { } blob)
        {
            var compression = MediaTypes.IsZstd(blob.MediaType) ? LayerCompression.Zstd
                : blob.Digest == layer.DiffId.ToString() ? LayerCompression.None
                : LayerCompression.Gzip;
            Add(blob.Digest, blob.Size, compression);
        }
        Add(layer.Stored.CompressedDigest, layer.Stored.CompressedSize ?? 0, layer.Stored.Compression);
        return candidates;

        void Add(string? text, long size, LayerCompression compression)
        {
            if (ContentDigest.TryParse(text, out var digest) && size > 0 && candidates.All(other => other.Digest != digest) &&
                (!form.OnlyThis || compression == form.Compression) && new PushedLayer(layer, digest, size, compression) is var candidate && candidate.CanBeIn(form.Format))
            {
                candidates.Add(candidate);
            }
        }
    }

    /// <summary>Repositories of the same registry that seem to have the layer: local images from there are built on it.</summary>
    private List<string> Donors(SourceLayer layer) =>
    [
        .. _neighbours.Value.Where(image => image.TopLayerId is { } top && storage.GetLayerChain(top).Any(other => other.Id == layer.Stored.Id))
            .SelectMany(image => image.Names)
            .Select(name => ImageReference.TryParse(name, out var reference, out _) && reference.Domain == target.Domain ? reference.Path : target.Path)
            .Where(path => path != target.Path).Distinct().Take(MostDonors),
    ];

    private async Task<PushedLayer> SendAsync(SourceLayer layer, CancellationToken cancellationToken)
    {
        PackedLayer? packed = null;
        var made = await writer.UploadAsync(async (write, stop) =>
        {
            packed = await LayerPacker.RunAsync(source, layer, form.Compression, form.Level, (data, token) => write(data, token), stop);
            return new MadeBlob(packed.Digest, packed.Size);
        }, Uploading(layer), cancellationToken);
        Report(layer, ImagePushStage.LayerDone, made.Size);
        return new PushedLayer(layer, made.Digest, made.Size, packed!.Compression);
    }

    private async Task<PushedLayer> EncryptAsync(SourceLayer layer, CancellationToken cancellationToken)
    {
        var key = LayerKey.Create();
        PackedLayer? packed = null;
        byte[] code = [];
        var made = await writer.UploadAsync(async (write, stop) =>
        {
            using var encrypted = new EncryptedWriter(key, (data, token) => write(data, token));
            packed = await LayerPacker.RunAsync(source, layer, form.Compression, form.Level, encrypted.WriteAsync, stop);
            var blob = encrypted.Finish();
            code = encrypted.Code;
            return blob;
        }, Uploading(layer), cancellationToken);
        Report(layer, ImagePushStage.LayerDone, made.Size);
        return new PushedLayer(layer, made.Digest, made.Size, packed!.Compression) { Encryption = encryption!.Describe(key, code, packed.Digest) };
    }

    private Action<long> Uploading(SourceLayer layer)
    {
        var last = long.MinValue;
        return bytes =>
        {
            var now = Environment.TickCount64;
            if (last == long.MinValue || now - last >= ProgressInterval)
            {
                last = now;
                Report(layer, ImagePushStage.Uploading, bytes);
            }
        };
    }

    private void Report(SourceLayer layer, ImagePushStage stage, long bytes) => output.TryWrite(new ImagePushProgress
    {
        Destination = target.ToString(),
        Stage = stage,
        LayerDigest = layer.DiffId.ToString(),
        Current = bytes,
        Total = layer.DiffSize ?? 0,
    });

    /// <summary>A layer, and whether it is to be encrypted.</summary>
    private sealed record PlannedLayer(SourceLayer Source, bool IsEncrypted)
    {
        internal string Key => IsEncrypted ? Source.DiffId + "+encrypted" : Source.DiffId.ToString();
    }
}

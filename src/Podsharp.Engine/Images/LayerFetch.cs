using System.Collections.Concurrent;
using System.Threading.Channels;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Brings an image with its layers into the store: fetches those that are missing, several at a time, equal blobs once.</summary>
internal sealed class LayerFetch(ContainerStorage storage, ImageOrigin origin, RemoteImage image,
    ChannelWriter<ImagePullProgress> output, long parallelCopies)
{
    private const long ProgressInterval = 100;

    /// <summary>How often it begins again because somebody removed a layer that it had counted on.</summary>
    private const int LostLayerTries = 3;

    /// <summary>Fetches the layers and records the image.</summary>
    /// <param name="reference">Name for the progress.</param>
    /// <param name="name">Name that the image gets.</param>
    /// <param name="cancellationToken">Stops it; nothing is recorded then.</param>
    /// <returns>The image.</returns>
    /// <exception cref="ContainerEngineException">What the source and the store raise.</exception>
    internal async Task<StoredImage> RunAsync(string reference, string name, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // The last try counts on nothing that others could remove.
                return await RunOnceAsync(reference, name, everything: attempt == LostLayerTries, cancellationToken);
            }
            catch (ContainerEngineException error) when (error.ErrorId == "LayerMissing" && attempt < LostLayerTries)
            {
                output.TryWrite(new ImagePullProgress { Reference = reference, Stage = ImagePullStage.Retrying, Message = error.Reason });
            }
        }
    }

    private async Task<StoredImage> RunOnceAsync(string reference, string name, bool everything, CancellationToken cancellationToken)
    {
        var ids = LayerIds();
        var known = everything ? [] : storage.ListLayers().Where(layer => !layer.IsCondemned).DistinctBy(layer => layer.Id).ToDictionary(layer => layer.Id, StringComparer.Ordinal);
        var plain = image.Layers.ToArray();
        var missing = new List<int>();
        for (var i = 0; i < ids.Count; i++)
        {
            if (missing.Count == 0 && known.TryGetValue(ids[i], out var stored) && Known(image.Layers[i], stored) is { } layer)
            {
                plain[i] = layer;
                Report(reference, ImagePullStage.LayerExists, image.Layers[i], image.Layers[i].Size);
            }
            else
            {
                missing.Add(i);
            }
        }
        return missing.Count > 0 ? await FetchAsync(reference, name, ids, plain, missing, cancellationToken)
            : storage.CommitImage([], image.ToCommit(ids.Count == 0 ? null : ids[^1], name, plain));
    }

    /// <summary>What a layer is that the store has. What an encrypted one was before, only the store knows; where it doesn't, the layer is fetched.</summary>
    private static Descriptor? Known(Descriptor layer, StoredLayer stored) => !MediaTypes.IsEncrypted(layer.MediaType) ? layer
        : stored is { CompressedDigest: { } digest, CompressedSize: { } size and > 0 } ? LayerKey.Plain(layer, digest, size, stored.Compression) : null;

    private List<string> LayerIds()
    {
        var ids = new List<string>();
        foreach (var diffId in image.Config.DiffIds)
        {
            ids.Add(ContainerStorage.ComputeLayerId(ids.Count == 0 ? null : ids[^1], diffId));
        }
        return ids;
    }

    private async Task<StoredImage> FetchAsync(string reference, string name, List<string> ids, Descriptor[] plain, List<int> missing, CancellationToken cancellationToken)
    {
        var staged = new LayerStaging?[ids.Count];
        try
        {
            foreach (var index in missing)
            {
                staged[index] = storage.BeginLayer();
            }
            var results = await FetchBlobsAsync(reference, staged, missing, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var index in missing.Where(index => MediaTypes.IsEncrypted(plain[index].MediaType)))
            {
                var blob = results[plain[index].Digest];
                plain[index] = LayerKey.Plain(plain[index], blob.Digest.ToString(), blob.Size, blob.Compression);
            }
            return storage.CommitImage([.. missing.Select(index => (staged[index]!, new LayerCommit
            {
                ParentId = index == 0 ? null : ids[index - 1],
                ExpectedDiffId = image.Config.DiffIds[index],
                CompressedDigest = plain[index].Digest,
                CompressedSize = plain[index].Size,
                Compression = results[image.Layers[index].Digest].Compression,
            }))], image.ToCommit(ids[^1], name, plain));
        }
        finally
        {
            foreach (var staging in staged)
            {
                staging?.Dispose();
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, PipelineResult>> FetchBlobsAsync(string reference, LayerStaging?[] staged, List<int> missing, CancellationToken cancellationToken)
    {
        var results = new ConcurrentDictionary<string, PipelineResult>(StringComparer.Ordinal);
        await ParallelCopies.RunAsync(missing.GroupBy(index => image.Layers[index].Digest), parallelCopies,
            async (group, stop) => results[group.Key] = await FetchBlobAsync(reference, [.. group], staged, stop), cancellationToken);
        return results;
    }

    private async Task<PipelineResult> FetchBlobAsync(string reference, List<int> indexes, LayerStaging?[] staged, CancellationToken cancellationToken)
    {
        var descriptor = image.Layers[indexes[0]];
        var (what, digest) = ($"the layer {descriptor.Digest} of {origin.Name}", ContentDigest.Parse(descriptor.Digest, "the manifest"));
        await using var download = await origin.OpenBlobAsync(descriptor, cancellationToken);
        using var encrypted = image.KeyOf(descriptor) is { } key ? new EncryptedBlob(download.Read, key, digest, what) : null;
        // An encrypted blob compares the digest itself: what comes out of it has another.
        BlobReader read = encrypted is null ? download.Read : encrypted.ReadAsync;
        var result = await LayerPipeline.RunAsync(what, read, encrypted is null ? digest : null, [.. indexes.Select(index => staged[index]!)], Throttled(reference, descriptor), cancellationToken);
        CheckDiffIds(indexes, staged);
        Report(reference, ImagePullStage.LayerDone, descriptor, descriptor.Size);
        return result;
    }

    /// <summary>Checked for each layer as it is done, so that a lie is found before the rest is fetched.</summary>
    private void CheckDiffIds(List<int> indexes, LayerStaging?[] staged)
    {
        foreach (var index in indexes)
        {
            var (actual, promised) = (staged[index]!.Result.DiffId, image.Config.DiffIds[index]);
            if (actual != promised)
            {
                throw new ContainerEngineException(ErrorKind.DataCorrupt, "LayerDigestMismatch",
                    $"the content of layer {image.Layers[index].Digest} of {origin.Name} has the digest {actual}, but the image's configuration promises {promised}",
                    origin.Name, "the registry's copy is damaged or was tampered with: pull again, or from another registry");
            }
        }
    }

    private Action<long> Throttled(string reference, Descriptor descriptor)
    {
        var last = long.MinValue;
        return bytes =>
        {
            var now = Environment.TickCount64;
            if (last == long.MinValue || now - last >= ProgressInterval)
            {
                last = now;
                Report(reference, ImagePullStage.Downloading, descriptor, bytes);
            }
        };
    }

    private void Report(string reference, ImagePullStage stage, Descriptor descriptor, long bytes) => output.TryWrite(new ImagePullProgress
    {
        Reference = reference,
        Stage = stage,
        BlobDigest = descriptor.Digest,
        Current = bytes,
        Total = descriptor.Size,
    });
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Storage;
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
        var known = everything ? [] : storage.ListLayers().Where(layer => !layer.IsCondemned).Select(layer => layer.Id).ToHashSet(StringComparer.Ordinal);
        var missing = new List<int>();
        for (var i = 0; i < ids.Count; i++)
        {
            if (missing.Count == 0 && known.Contains(ids[i]))
            {
                Report(reference, ImagePullStage.LayerExists, image.Layers[i], image.Layers[i].Size);
            }
            else
            {
                missing.Add(i);
            }
        }
        var commit = image.ToCommit(ids.Count == 0 ? null : ids[^1], name);
        return missing.Count > 0 ? await FetchAsync(reference, commit, ids, missing, cancellationToken) : storage.CommitImage([], commit);
    }

    private List<string> LayerIds()
    {
        var ids = new List<string>();
        foreach (var diffId in image.Config.DiffIds)
        {
            ids.Add(ContainerStorage.ComputeLayerId(ids.Count == 0 ? null : ids[^1], diffId));
        }
        return ids;
    }

    private async Task<StoredImage> FetchAsync(string reference, ImageCommit commit, List<string> ids, List<int> missing, CancellationToken cancellationToken)
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
            return storage.CommitImage([.. missing.Select(index => (staged[index]!, new LayerCommit
            {
                ParentId = index == 0 ? null : ids[index - 1],
                ExpectedDiffId = image.Config.DiffIds[index],
                CompressedDigest = image.Layers[index].Digest,
                CompressedSize = image.Layers[index].Size,
                Compression = results[image.Layers[index].Digest].Compression,
            }))], commit);
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
        await using var download = await origin.OpenBlobAsync(descriptor, cancellationToken);
        var result = await LayerPipeline.RunAsync($"the layer {descriptor.Digest} of {origin.Name}", download.Read,
            ContentDigest.Parse(descriptor.Digest, "the manifest"), [.. indexes.Select(index => staged[index]!)], Throttled(reference, descriptor), cancellationToken);
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

using System.Threading.Channels;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Brings an image with its layers into the store: fetches those that are missing, several at a time, equal blobs once.</summary>
internal sealed class LayerFetch(ContainerStorage storage, RegistryClient client, ImageReference source, RemoteImage image,
    ChannelWriter<ImagePullProgress> output, long parallelCopies)
{
    private const int DefaultParallelCopies = 6;
    private const long ProgressInterval = 100;

    /// <summary>Whether layers are fetched that are there already, too: until the image is recorded, others may remove them.</summary>
    internal bool Everything { get; init; }

    /// <summary>Fetches the layers and records the image.</summary>
    /// <param name="reference">Name for the progress.</param>
    /// <param name="toCommit">The image, given its top layer's id; null for an image without layers.</param>
    /// <param name="cancellationToken">Stops it; nothing is recorded then.</param>
    /// <returns>The image.</returns>
    /// <exception cref="ContainerEngineException">A layer that was there has been removed meanwhile (LayerMissing).</exception>
    internal async Task<StoredImage> RunAsync(string reference, Func<string?, ImageCommit> toCommit, CancellationToken cancellationToken)
    {
        var ids = LayerIds();
        var known = Everything ? [] : storage.ListLayers().Where(layer => !layer.IsCondemned).Select(layer => layer.Id).ToHashSet(StringComparer.Ordinal);
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
        var commit = toCommit(ids.Count == 0 ? null : ids[^1]);
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

    private async Task<Dictionary<string, PipelineResult>> FetchBlobsAsync(string reference, LayerStaging?[] staged, List<int> missing, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var slots = new SemaphoreSlim(parallelCopies > 0 ? (int)parallelCopies : DefaultParallelCopies);
        var fetches = missing.GroupBy(index => image.Layers[index].Digest).ToDictionary(group => group.Key,
            group => FetchBlobAsync(reference, [.. group], staged, slots, stop));
        try
        {
            await Task.WhenAll(fetches.Values);
        }
        catch
        {
            // The first real failure is the cause; what it cancelled is not.
            cancellationToken.ThrowIfCancellationRequested();
            await (fetches.Values.FirstOrDefault(fetch => fetch.IsFaulted) ?? fetches.Values.First(fetch => !fetch.IsCompletedSuccessfully));
        }
        return fetches.ToDictionary(fetch => fetch.Key, fetch => fetch.Value.Result);
    }

    private async Task<PipelineResult> FetchBlobAsync(string reference, List<int> indexes, LayerStaging?[] staged, SemaphoreSlim slots, CancellationTokenSource stop)
    {
        var descriptor = image.Layers[indexes[0]];
        await slots.WaitAsync(stop.Token);
        try
        {
            await using var download = client.OpenBlob(source.Path, descriptor);
            var result = await LayerPipeline.RunAsync($"the layer {descriptor.Digest} of {source}", download.ReadAsync,
                ContentDigest.Parse(descriptor.Digest, "the manifest"), [.. indexes.Select(index => staged[index]!)], Throttled(reference, descriptor), stop.Token);
            CheckDiffIds(indexes, staged);
            Report(reference, ImagePullStage.LayerDone, descriptor, descriptor.Size);
            return result;
        }
        catch (Exception)
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            slots.Release();
        }
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
                    $"the content of layer {image.Layers[index].Digest} of {source} has the digest {actual}, but the image's configuration promises {promised}",
                    source.ToString(), "the registry's copy is damaged or was tampered with: pull again, or from another registry");
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

using System.Collections.Concurrent;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>A manifest as it was written.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Type">Its media type.</param>
internal sealed record CopiedManifest(byte[] Bytes, string Type)
{
    /// <summary>Its digest.</summary>
    internal ContentDigest Digest { get; } = ContentDigest.Of(Bytes);
}

/// <summary>Copies one image, or an artifact: layers, configuration, manifest.</summary>
/// <remarks>What needs no change is never unpacked, and then the manifest stays the same, byte for byte. Artifacts are never changed: nobody knows what they mean.</remarks>
/// <param name="origin">Where it is.</param>
/// <param name="target">Where it goes.</param>
/// <param name="form">What may change.</param>
/// <param name="report">Told how far it is.</param>
/// <param name="parallelCopies">Layers at a time; 0 for the usual number.</param>
internal sealed class InstanceCopy(ImageOrigin origin, ImageTarget target, CopyForm form, CopyReport report, long parallelCopies)
{
    /// <summary>Copies it.</summary>
    /// <param name="answer">Its manifest.</param>
    /// <param name="isTop">Whether it is what the target's name is to stand for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The manifest as it is there.</returns>
    /// <exception cref="ContainerEngineException">DataCorrupt; Unsupported: digests would change that must not; what both places raise.</exception>
    internal async Task<CopiedManifest> RunAsync(ManifestAnswer answer, bool isTop, CancellationToken cancellationToken)
    {
        var manifest = ImageManifest.Parse(answer.Bytes, answer.ContentType, origin.Name);
        CheckDigests(manifest);
        var isImage = MediaTypes.IsConfig(manifest.Config!.MediaType) && (manifest.Layers ?? []).All(layer => MediaTypes.IsLayer(layer.MediaType));
        IReadOnlyList<ContentDigest>? diffIds = null;
        byte[]? config = null;
        if (isImage)
        {
            manifest.CheckImage(origin.Name);
            config = await origin.ReadBlobAsync(manifest.Config, "configuration", cancellationToken);
            diffIds = DiffIds(manifest, config);
        }
        var layers = await CopyLayersAsync(manifest, diffIds, cancellationToken);
        await CopyConfigAsync(manifest.Config, config, cancellationToken);
        report.Step(ImageCopyStage.Manifest);
        return await PutAsync(answer, manifest, layers, isImage, isTop, cancellationToken);
    }

    private void CheckDigests(ImageManifest manifest)
    {
        foreach (var blob in (manifest.Layers ?? []).Append(manifest.Config!))
        {
            _ = ContentDigest.Parse(blob.Digest, $"the manifest of {origin.Name}");
        }
    }

    private List<ContentDigest> DiffIds(ImageManifest manifest, byte[] bytes)
    {
        var config = ImageConfigFile.Parse(bytes, origin.Name);
        config.CheckLayers(manifest.Layers?.Count ?? 0, origin.Name);
        return [.. config.DiffIds.Select(diffId => ContentDigest.Parse(diffId, $"the configuration of {origin.Name}"))];
    }

    private async Task<IReadOnlyList<Descriptor>> CopyLayersAsync(ImageManifest manifest, IReadOnlyList<ContentDigest>? diffIds, CancellationToken cancellationToken)
    {
        var layers = manifest.Layers ?? [];
        var copied = new ConcurrentDictionary<string, Descriptor>(StringComparer.Ordinal);
        // Equal blobs are copied once.
        var items = layers.Select((layer, i) => new PlannedLayer(layer, diffIds?[i])).DistinctBy(item => item.Blob.Digest);
        await ParallelCopies.RunAsync(items, parallelCopies, async (item, stop) => copied[item.Blob.Digest] = await CopyLayerAsync(item, stop), cancellationToken);
        return [.. layers.Select(layer => copied[layer.Digest] is var blob && blob.Digest == layer.Digest ? layer : blob)];
    }

    private async Task<Descriptor> CopyLayerAsync(PlannedLayer layer, CancellationToken cancellationToken)
    {
        var blob = layer.Blob;
        // Where a layer may not be given away it stays at the addresses that its description has.
        if (blob.Urls is { Count: > 0 } && MediaTypes.IsForeign(blob.MediaType))
        {
            return blob;
        }
        var byType = MediaTypes.CompressionOf(blob.MediaType);
        var isAsWanted = layer.DiffId is null || form.Change(byType) is null;
        if ((isAsWanted || (!form.OnlyThis && form.Layers == ImageLayerForm.Compressed && byType != LayerCompression.None))
            && await target.TryReuseAsync(blob, origin, cancellationToken) is { } stage)
        {
            report.Blob(stage, blob, blob.Size);
            return blob;
        }
        var transfer = new BlobTransfer(origin, blob);
        // Only where something is to be done by the type's word, it is worth a look whether that is true.
        if (layer.DiffId is { } diffId && (!isAsWanted || form.Layers == ImageLayerForm.Plain) && form.Change(await transfer.DetectAsync(cancellationToken)) is { } change)
        {
            return await RepackAsync(transfer, blob, diffId, change, cancellationToken);
        }
        await target.PutBlobAsync(transfer.PassAsync, isConfig: false, report.Bytes(blob), cancellationToken);
        report.Blob(ImageCopyStage.BlobDone, blob, blob.Size);
        return blob;
    }

    private async Task<Descriptor> RepackAsync(BlobTransfer transfer, Descriptor blob, ContentDigest diffId, LayerCompression compression, CancellationToken cancellationToken)
    {
        PackedLayer? packed = null;
        var made = await target.PutBlobAsync(async (write, stop) =>
        {
            packed = await transfer.RepackAsync(diffId, compression, form.Level, (data, token) => write(data, token), stop);
            return new MadeBlob(packed.Digest, packed.Size);
        }, isConfig: false, report.Bytes(blob), cancellationToken);
        report.Blob(ImageCopyStage.BlobDone, blob, made.Size);
        var format = compression == LayerCompression.Zstd ? ImageFormat.Oci : MediaTypes.FormatOfLayer(blob.MediaType);
        return new Descriptor { MediaType = MediaTypes.Layer(format, compression), Digest = made.Digest.ToString(), Size = made.Size };
    }

    private async Task CopyConfigAsync(Descriptor config, byte[]? bytes, CancellationToken cancellationToken)
    {
        report.Step(ImageCopyStage.Configuration, config.Digest);
        if (await target.TryReuseAsync(config, origin, cancellationToken) is not null)
        {
            return;
        }
        BlobMaker make = bytes is null ? new BlobTransfer(origin, config).PassAsync : async (write, stop) =>
        {
            await write(bytes, stop);
            return new MadeBlob(ContentDigest.Parse(config.Digest, "the manifest"), bytes.Length);
        };
        await target.PutBlobAsync(make, isConfig: true, static _ => { }, cancellationToken);
    }

    private async Task<CopiedManifest> PutAsync(ManifestAnswer answer, ImageManifest manifest, IReadOnlyList<Descriptor> layers, bool isImage, bool isTop, CancellationToken cancellationToken)
    {
        var own = MediaTypes.FormatOf(manifest.Type);
        var format = isImage ? form.Format ?? (layers.Any(layer => MediaTypes.IsZstd(layer.MediaType)) ? ImageFormat.Oci : own) : own;
        try
        {
            return await PutAsync(answer, manifest, layers, format, isTop, cancellationToken);
        }
        catch (ContainerEngineException error) when (error.ErrorId == "ManifestRefused" && isImage && target.MayRefuse && form is { Format: null, KeepDigests: false }
            && (format == ImageFormat.Docker || !layers.Any(layer => MediaTypes.IsZstd(layer.MediaType))))
        {
            // A registry that knows only one of the two forms: the blobs are the same in both.
            return await PutAsync(answer, manifest, layers, format == ImageFormat.Oci ? ImageFormat.Docker : ImageFormat.Oci, isTop, cancellationToken);
        }
    }

    private async Task<CopiedManifest> PutAsync(ManifestAnswer answer, ImageManifest manifest, IReadOnlyList<Descriptor> layers, ImageFormat format, bool isTop, CancellationToken cancellationToken)
    {
        var isSame = MediaTypes.FormatOf(manifest.Type) == format && layers.SequenceEqual(manifest.Layers ?? []);
        if (!isSame && form.KeepDigests)
        {
            throw EngineErrors.Unsupported($"{origin.Name} would get another digest at {target.Name}", origin.Name, "copy it without keeping digests, or choose another format");
        }
        var bytes = isSame ? answer.Bytes
            : ImageManifestJson.Write(format, manifest.Config!, [.. layers.Select(layer => MediaTypes.FormatOfLayer(layer.MediaType) == format ? layer : SourceLayer.Convert(layer, format))], manifest.Annotations);
        var copied = new CopiedManifest(bytes, isSame ? manifest.Type : MediaTypes.Manifest(format));
        await target.PutManifestAsync(bytes, copied.Type, isTop, cancellationToken);
        return copied;
    }

    /// <summary>A layer to be copied; without the digest of its tar it can't be packed in another way.</summary>
    private sealed record PlannedLayer(Descriptor Blob, ContentDigest? DiffId);
}

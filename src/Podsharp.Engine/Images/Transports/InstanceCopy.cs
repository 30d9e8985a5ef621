using System.Collections.Concurrent;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust.Encryption;
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
            CheckEncryption(manifest);
            config = await origin.ReadBlobAsync(manifest.Config, "configuration", cancellationToken);
            diffIds = DiffIds(manifest, config);
        }
        else if (form.Encryption is not null)
        {
            throw EngineErrors.Unsupported($"{origin.Name} is an artifact, which can't be encrypted", origin.Name, "copy it as it is");
        }
        var layers = await CopyLayersAsync(Plan(manifest, diffIds), cancellationToken);
        await CopyConfigAsync(manifest.Config, config, cancellationToken);
        report.Step(ImageCopyStage.Manifest);
        return await PutAsync(answer, manifest, layers, isImage, isTop, cancellationToken);
    }

    /// <summary>Says no before anything is copied.</summary>
    private void CheckEncryption(ImageManifest manifest)
    {
        if (!(manifest.Layers ?? []).Any(layer => MediaTypes.IsEncrypted(layer.MediaType)))
        {
            return;
        }
        if (form is { Decryption: null, Format: ImageFormat.Docker })
        {
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "LayerEncrypted", $"{origin.Name} has encrypted layers, which {target.Name} can't hold", origin.Name,
                "give the key with --decryption-key, or choose the OCI form");
        }
        if (form is { Decryption: not null, KeepDigests: true })
        {
            throw EngineErrors.Unsupported($"{origin.Name} would get another digest at {target.Name}", origin.Name, "copy it without keeping digests, or as it is");
        }
    }

    private List<PlannedLayer> Plan(ImageManifest manifest, IReadOnlyList<ContentDigest>? diffIds)
    {
        var layers = manifest.Layers ?? [];
        var keys = diffIds is null ? null : form.Decryption?.OpenAll(layers, origin.Name);
        var chosen = form.Encryption?.Choose(layers.Count);
        return [.. layers.Select((layer, i) =>
        {
            var (isEncrypted, key) = (MediaTypes.IsEncrypted(layer.MediaType), keys?.GetValueOrDefault(layer.Digest));
            // What stays encrypted can't be packed in another way, and isn't encrypted twice.
            return new PlannedLayer(layer, isEncrypted && key is null ? null : diffIds?[i], isEncrypted ? key : null, !isEncrypted && chosen?.Contains(i) == true);
        })];
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

    private async Task<IReadOnlyList<Descriptor>> CopyLayersAsync(List<PlannedLayer> layers, CancellationToken cancellationToken)
    {
        var copied = new ConcurrentDictionary<string, Descriptor>(StringComparer.Ordinal);
        // Equal blobs are copied once.
        await ParallelCopies.RunAsync(layers.DistinctBy(layer => layer.Name), parallelCopies, async (layer, stop) => copied[layer.Name] = await CopyLayerAsync(layer, stop), cancellationToken);
        return [.. layers.Select(layer => copied[layer.Name] is var blob && blob.Digest == layer.Blob.Digest ? layer.Blob : blob)];
    }

    private async Task<Descriptor> CopyLayerAsync(PlannedLayer layer, CancellationToken cancellationToken)
    {
        var blob = layer.Blob;
        // Where a layer may not be given away it stays at the addresses that its description has.
        if (blob.Urls is { Count: > 0 } && MediaTypes.IsForeign(blob.MediaType))
        {
            return layer is { Encrypt: false, Key: null } ? blob
                : throw EngineErrors.Unsupported($"the layer {blob.Digest} of {origin.Name} stays at addresses of its own", origin.Name, "name the others with --encrypt-layer");
        }
        var byType = MediaTypes.CompressionOf(layer.Key is null ? blob.MediaType : MediaTypes.Decrypted(blob.MediaType));
        var isAsWanted = layer.DiffId is null || form.Change(byType) is null;
        if (layer is { Encrypt: false, Key: null } && (isAsWanted || (!form.OnlyThis && form.Layers == ImageLayerForm.Compressed && byType != LayerCompression.None))
            && await target.TryReuseAsync(blob, origin, cancellationToken) is { } stage)
        {
            report.Blob(stage, blob, blob.Size);
            return blob;
        }
        var transfer = new BlobTransfer(origin, blob, layer.Key);
        // Only where something is to be done by the type's word, it is worth a look whether that is true.
        var change = layer.DiffId is not null && (!isAsWanted || form.Layers == ImageLayerForm.Plain) ? form.Change(await transfer.DetectAsync(cancellationToken)) : null;
        if (layer.Encrypt)
        {
            return await EncryptAsync(transfer, layer, change, cancellationToken);
        }
        if (change is { } compression)
        {
            return await RepackAsync(transfer, blob, layer.DiffId!.Value, compression, cancellationToken);
        }
        var made = await target.PutBlobAsync(transfer.PassAsync, isConfig: false, report.Bytes(blob), cancellationToken);
        report.Blob(ImageCopyStage.BlobDone, blob, blob.Size);
        return layer.Key is null ? blob : LayerKey.Plain(blob, made.Digest.ToString(), made.Size, byType);
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

    private async Task<Descriptor> EncryptAsync(BlobTransfer transfer, PlannedLayer layer, LayerCompression? change, CancellationToken cancellationToken)
    {
        var (blob, key) = (layer.Blob, LayerKey.Create());
        ContentDigest plain = default;
        byte[] code = [];
        var made = await target.PutBlobAsync(async (write, stop) =>
        {
            using var encrypted = new EncryptedWriter(key, (data, token) => write(data, token));
            plain = change is { } compression ? (await transfer.RepackAsync(layer.DiffId!.Value, compression, form.Level, encrypted.WriteAsync, stop)).Digest
                : (await transfer.PassAsync(encrypted.WriteAsync, stop)).Digest;
            var result = encrypted.Finish();
            code = encrypted.Code;
            return result;
        }, isConfig: false, report.Bytes(blob), cancellationToken);
        report.Blob(ImageCopyStage.BlobDone, blob, made.Size);
        // Annotations that describe the content would give away what it is.
        var type = change is { } packed ? MediaTypes.Layer(ImageFormat.Oci, packed) : MediaTypes.ConvertLayer(blob.MediaType, ImageFormat.Oci);
        return new Descriptor { MediaType = MediaTypes.Encrypted(type), Digest = made.Digest.ToString(), Size = made.Size, Annotations = form.Encryption!.Describe(key, code, plain) };
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
        var format = isImage ? form.Format ?? (layers.Any(NeedsOci) ? ImageFormat.Oci : own) : own;
        try
        {
            return await PutAsync(answer, manifest, layers, format, isTop, cancellationToken);
        }
        catch (ContainerEngineException error) when (error.ErrorId == "ManifestRefused" && isImage && target.MayRefuse && form is { Format: null, KeepDigests: false }
            && (format == ImageFormat.Docker || !layers.Any(NeedsOci)))
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

    private static bool NeedsOci(Descriptor layer) => MediaTypes.IsZstd(layer.MediaType) || MediaTypes.IsEncrypted(layer.MediaType);

    /// <summary>A layer to be copied; without the digest of its tar it can't be packed in another way. With a key it is decrypted.</summary>
    private sealed record PlannedLayer(Descriptor Blob, ContentDigest? DiffId, LayerKey? Key, bool Encrypt)
    {
        internal string Name => Encrypt ? Blob.Digest + "+encrypted" : Blob.Digest;
    }
}

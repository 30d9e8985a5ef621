using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Copies into the engine's store, and out of it to a registry: a pull and a push in the words of a copy.</summary>
internal sealed class StorageCopy(ContainerStorage storage, ImageCatalog catalog, ConfigurationEnvironment environment, ContainersConf configuration)
{
    /// <summary>Refuses what the store can't keep.</summary>
    /// <exception cref="ContainerEngineException">Unsupported.</exception>
    internal static void Check(ImagePlace destination, ImageCopyRequest request)
    {
        if (request.Lists != ImageListCopy.System)
        {
            throw EngineErrors.Unsupported($"{destination} takes no list with all its images", destination.ToString(), "copy the image of one platform, or copy the list to oci:, dir: or a registry");
        }
        if (!request.Encryption.IsEmpty)
        {
            throw EngineErrors.Unsupported("the store keeps layers unpacked: they can't be encrypted there", destination.ToString(), "encrypt them where the image goes next");
        }
        if (request.Format is not null || request.Compression is not null || request.Layers is not null)
        {
            throw EngineErrors.Unsupported("the store keeps layers unpacked and manifests as they come: form and compression can't be chosen", destination.ToString(), "leave them out");
        }
    }

    /// <summary>Copies an image into the store.</summary>
    internal async Task<ImageCopyResult> FetchAsync(ImageOrigin origin, ImagePlace source, ImagePlace destination, ImageCopyRequest request, CopyReport report, CancellationToken cancellationToken)
    {
        var name = destination.Reference;
        if (name.Digest is not null)
        {
            throw ImageReference.Invalid(destination.Path, "a name to give can't have a digest");
        }
        using var keys = LayerDecryption.Open(request.SourceRegistry.DecryptionKeys);
        var remote = await RemoteImage.ReadAsync(origin, PlatformChoice.Complete(request.Platform), cancellationToken);
        await remote.CheckAsync(origin, cancellationToken);
        remote.Unlock(keys, origin);
        if (!request.RemoveSignatures)
        {
            await remote.ReadSignaturesAsync(origin, cancellationToken);
        }
        await remote.ReadConfigAsync(origin, cancellationToken);
        await new LayerFetch(storage, origin, remote, new Steps<ImagePullProgress>(step => Tell(report, step)), configuration.Engine.ImageParallelCopies)
            .RunAsync(origin.Name, name.StoredName, cancellationToken);
        return Result(source, destination, remote.ManifestDigest, remote.Digest, remote.ManifestType);
    }

    /// <summary>Sends an image of the store to a registry.</summary>
    internal async Task<ImageCopyResult> PushAsync(ImagePlace source, ImagePlace destination, ImageCopyRequest request, CopyReport report, CancellationToken cancellationToken)
    {
        if (request.PreserveDigests || request.Layers is ImageLayerForm.Plain or ImageLayerForm.Unchanged)
        {
            throw EngineErrors.Unsupported("the store keeps layers unpacked: they are compressed anew, and their digests may change", source.ToString(), "copy it without keeping digests");
        }
        ImagePushResult? pushed = null;
        await foreach (var step in new ImagePusher(storage, catalog, environment, configuration).PushAsync(new ImagePushRequest
        {
            Image = source.Path,
            Destination = destination.Path,
            Format = request.Format,
            Compression = request.Compression,
            CompressionLevel = request.CompressionLevel,
            ForceCompression = request.ForceCompression,
            RemoveSignatures = request.RemoveSignatures,
            Encryption = request.Encryption,
            Registry = request.DestinationRegistry,
        }, cancellationToken))
        {
            Tell(report, step);
            pushed = step.Result ?? pushed;
        }
        var type = request.Format == ImageFormat.Docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest;
        return Result(source, destination, ContentDigest.Parse(pushed!.Digest, "the registry"), ContentDigest.Parse(pushed.Digest, "the registry"), type);
    }

    private static ImageCopyResult Result(ImagePlace source, ImagePlace destination, ContentDigest digest, ContentDigest original, string type) => new()
    {
        Source = source.ToString(),
        Destination = destination.ToString(),
        Digest = digest.ToString(),
        SourceDigest = original.ToString(),
        MediaType = type,
        Images = 1,
    };

    private static void Tell(CopyReport report, ImagePullProgress step)
    {
        var stage = step.Stage switch
        {
            ImagePullStage.LayerExists => ImageCopyStage.BlobExists,
            ImagePullStage.Downloading => ImageCopyStage.Copying,
            ImagePullStage.LayerDone => ImageCopyStage.BlobDone,
            _ => ImageCopyStage.Retrying,
        };
        Tell(report, stage, step.BlobDigest, step.Current, step.Total, step.Message);
    }

    internal static void Tell(CopyReport report, ImagePushProgress step)
    {
        ImageCopyStage? stage = step.Stage switch
        {
            ImagePushStage.LayerExists => ImageCopyStage.BlobExists,
            ImagePushStage.LayerMounted => ImageCopyStage.BlobMounted,
            ImagePushStage.Uploading => ImageCopyStage.Copying,
            ImagePushStage.LayerDone => ImageCopyStage.BlobDone,
            ImagePushStage.Configuration => ImageCopyStage.Configuration,
            ImagePushStage.Manifest => ImageCopyStage.Manifest,
            ImagePushStage.Retrying => ImageCopyStage.Retrying,
            _ => null,
        };
        if (stage is { } known)
        {
            Tell(report, known, step.LayerDigest, step.Current, step.Total, step.Message);
        }
    }

    private static void Tell(CopyReport report, ImageCopyStage stage, string? digest, long current, long total, string? message)
    {
        if (digest is null)
        {
            report.Step(stage, message);
        }
        else
        {
            report.Blob(stage, new Descriptor { Digest = digest, Size = total }, current);
        }
    }

    /// <summary>Takes the steps of a pull one by one.</summary>
    internal sealed class Steps<T>(Action<T> tell) : ChannelWriter<T>
    {
        public override bool TryWrite(T item)
        {
            tell(item);
            return true;
        }

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => new(true);
    }
}

using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Copies images between any two places.</summary>
/// <param name="storage">The store.</param>
/// <param name="catalog">Finds its images.</param>
/// <param name="environment">Where files of configuration are.</param>
/// <param name="configuration">What containers.conf says.</param>
/// <param name="spoolDirectory">Where blobs wait whose size isn't known.</param>
internal sealed class ImageCopier(ContainerStorage storage, ImageCatalog catalog, ConfigurationEnvironment environment, ContainersConf configuration, string spoolDirectory)
{
    /// <summary>Copies an image, or a list. The last record holds the result.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, Unauthorized, Network, DataCorrupt, Unsupported, PermissionDenied.</exception>
    internal IAsyncEnumerable<ImageCopyProgress> CopyAsync(ImageCopyRequest request, CancellationToken cancellationToken) =>
        ProgressSequence.Of<ImageCopyProgress>((output, stop) => RunAsync(request, output, stop), cancellationToken);

    /// <summary>Whether the destination's name stands for the same manifest already.</summary>
    /// <exception cref="ContainerEngineException">What the source raises.</exception>
    internal async Task<bool> IsThereAsync(ImageCopyRequest request, CancellationToken cancellationToken)
    {
        var source = ImagePlace.Parse(request.Source);
        await using var origin = await OpenOriginAsync(source, request.SourceRegistry, request.Platform, static _ => { }, cancellationToken);
        var wanted = request.Lists == ImageListCopy.System ? (await RemoteImage.ReadAsync(origin, PlatformChoice.Complete(request.Platform), cancellationToken)).ManifestDigest
            : (await origin.ReadManifestAsync(null, cancellationToken)).Digest;
        try
        {
            await using var present = await OpenOriginAsync(ImagePlace.Parse(request.Destination), request.DestinationRegistry, request.Platform, static _ => { }, cancellationToken);
            return (await present.ReadManifestAsync(null, cancellationToken)).Digest == wanted;
        }
        catch (ContainerEngineException error) when (error.Kind is not (ErrorKind.Unauthorized or ErrorKind.Internal))
        {
            // There is none yet; what is really wrong with the place, the copy will tell.
            return false;
        }
    }

    /// <summary>Looks at an image where it is. A name without a word for its place is one at a registry.</summary>
    /// <exception cref="ContainerEngineException">What the place raises; Unsupported: it is an artifact.</exception>
    internal async Task<RemoteContainerImage> InspectAsync(RemoteImageRequest request, CancellationToken cancellationToken)
    {
        var source = ImagePlace.ParseRemote(request.Source);
        await using var origin = await OpenOriginAsync(source, request.Registry, request.Platform, static _ => { }, cancellationToken);
        return await RemoteInspector.InspectAsync(origin, source, request, cancellationToken);
    }

    /// <summary>Removes an image from a registry.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, Unauthorized, Network; Unsupported: the registry doesn't do that (RegistryDeleteRefused).</exception>
    internal async Task<RemoteImageRemoveResult> RemoveAsync(RemoteImageRemoveRequest request, CancellationToken cancellationToken)
    {
        var place = ImagePlace.ParseRemote(request.Name);
        if (place.Kind != TransportKind.Registry)
        {
            throw EngineErrors.Unsupported($"{place} is at no registry", request.Name, place.Kind == TransportKind.Storage ? "remove it with rmi" : "remove the file or directory");
        }
        var registries = RegistriesConf.Load(environment);
        using var connection = await new RegistryAccess(environment, configuration, registries).WriteAsync(place.Reference, request.Registry, static _ => { }, cancellationToken);
        var client = new RegistryClient(connection);
        var top = await client.GetManifestAsync(place.Reference.Path, place.Reference.ManifestKey, cancellationToken);
        if (!request.DryRun)
        {
            await client.DeleteManifestAsync(place.Reference.Path, top.Digest, cancellationToken);
        }
        return new RemoteImageRemoveResult(place.Reference.ToString(), top.Digest.ToString());
    }

    private async Task RunAsync(ImageCopyRequest request, ChannelWriter<ImageCopyProgress> output, CancellationToken cancellationToken)
    {
        var (source, destination) = (ImagePlace.Parse(request.Source), ImagePlace.Parse(request.Destination));
        if (request.AdditionalNames.Count > 0 && destination.Kind != TransportKind.DockerArchive)
        {
            throw EngineErrors.InvalidArgument("further names are for archives in Docker's form only", request.Destination, "copy the image once for each name");
        }
        if (!request.Encryption.IsEmpty && request.SourceRegistry.DecryptionKeys.Count > 0)
        {
            throw EngineErrors.InvalidArgument("--encryption-key and --decryption-key cannot be specified together", request.Source, "decrypt the image first, and encrypt it in a second copy");
        }
        var report = new CopyReport(output, destination.ToString());
        report.Done((source.Kind, destination.Kind) switch
        {
            (TransportKind.Storage, TransportKind.Registry) => await new StorageCopy(storage, catalog, environment, configuration).PushAsync(source, destination, request, report, cancellationToken),
            (_, TransportKind.Storage) => await ToStorageAsync(source, destination, request, report, cancellationToken),
            _ => await CopyAsync(source, destination, request, report, cancellationToken),
        });
    }

    private async Task<ImageCopyResult> ToStorageAsync(ImagePlace source, ImagePlace destination, ImageCopyRequest request, CopyReport report, CancellationToken cancellationToken)
    {
        StorageCopy.Check(destination, request);
        var guard = GuardOf(source, request);
        await using var origin = await OpenOriginAsync(source, request.SourceRegistry, request.Platform, report.Retrying, cancellationToken);
        origin.Guard = guard;
        return await new StorageCopy(storage, catalog, environment, configuration).FetchAsync(origin, source, destination, request, report, cancellationToken);
    }

    private async Task<ImageCopyResult> CopyAsync(ImagePlace source, ImagePlace destination, ImageCopyRequest request, CopyReport report, CancellationToken cancellationToken)
    {
        var guard = GuardOf(source, request);
        using var encryption = LayerEncryption.Open(request.Encryption);
        using var decryption = LayerDecryption.Open(request.SourceRegistry.DecryptionKeys);
        await using var origin = await OpenOriginAsync(source, request.SourceRegistry, request.Platform, report.Retrying, cancellationToken);
        origin.Guard = guard;
        // Read before anything is made at the destination.
        var top = await origin.ReadManifestAsync(null, cancellationToken);
        await using var target = await OpenTargetAsync(destination, request, report, cancellationToken);
        var form = CopyForm.Choose(request, target) with { Encryption = encryption, Decryption = decryption.HasKeys ? decryption : null };
        var copy = new ListCopy(origin, target, form, request.Lists, PlatformChoice.Complete(request.Platform), report, configuration.Engine.ImageParallelCopies)
        {
            DropSignatures = request.RemoveSignatures,
        };
        var copied = await copy.RunAsync(top, cancellationToken);
        await target.FinishAsync(cancellationToken);
        return new ImageCopyResult
        {
            Source = source.ToString(),
            Destination = destination.ToString(),
            Digest = copied.Digest.ToString(),
            SourceDigest = top.Digest.ToString(),
            MediaType = copied.Type,
            Images = copy.Images,
        };
    }

    /// <summary>The policy by which an image is accepted. What the store has was checked when it came.</summary>
    private ImageGuard? GuardOf(ImagePlace place, ImageCopyRequest request) => place.Kind == TransportKind.Storage ? null
        : ImageGuard.Of(SignaturePolicy.Load(environment, request.SourceRegistry.SignaturePolicy),
            place.Kind == TransportKind.Registry ? PolicyImage.AtRegistry(place.Reference) : PolicyImage.InFiles(place.Word, place.Path));

    /// <summary>Opens what an image is read from.</summary>
    private async Task<ImageOrigin> OpenOriginAsync(ImagePlace place, RegistryOptions registry, ImagePlatform? platform, Action<string> onRetry, CancellationToken cancellationToken)
    {
        switch (place.Kind)
        {
            case TransportKind.Registry:
                var access = new RegistryAccess(environment, configuration, RegistriesConf.Load(environment));
                return await RegistryOrigin.OpenAsync(access, place.Reference, registry, onRetry, cancellationToken, RegistriesDirectory.Load(environment));
            case TransportKind.Storage:
                return new StorageOrigin(ImageSource.Open(storage, catalog, catalog.Get(place.Path).Image), place.ToString());
            case TransportKind.OciLayout:
                return Owned(DirectoryFiles.Open(place.Path), files => LayoutOrigin.Open(files, place));
            case TransportKind.OciArchive:
                return Owned(await TarFiles.OpenAsync(place.Path, spoolDirectory, cancellationToken), files => LayoutOrigin.Open(files, place));
            case TransportKind.DockerArchive:
                return Owned(await TarFiles.OpenAsync(place.Path, spoolDirectory, cancellationToken), files => ArchiveOrigin.Open(files, place, PlatformChoice.Complete(platform)));
            default:
                return Owned(DirectoryFiles.Open(place.Path), files => new DirectoryOrigin(files, place));
        }
    }

    internal async Task<ImageTarget> OpenTargetAsync(ImagePlace place, ImageCopyRequest request, CopyReport report, CancellationToken cancellationToken)
    {
        switch (place.Kind)
        {
            case TransportKind.Registry:
                var access = new RegistryAccess(environment, configuration, RegistriesConf.Load(environment));
                return new RegistryTarget(await access.WriteAsync(place.Reference, request.DestinationRegistry, report.Retrying, cancellationToken), place.Reference, RegistriesDirectory.Load(environment));
            case TransportKind.OciLayout:
                return LayoutTarget.InDirectory(place);
            case TransportKind.OciArchive:
                return await LayoutTarget.InArchiveAsync(place, spoolDirectory, cancellationToken);
            case TransportKind.DockerArchive:
                return ArchiveTarget.Create(place, request.AdditionalNames, spoolDirectory);
            default:
                return DirectoryTarget.Open(place);
        }
    }

    private static ImageOrigin Owned(ImageFiles files, Func<ImageFiles, ImageOrigin> open)
    {
        try
        {
            return open(files);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }
}

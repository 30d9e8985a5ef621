using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Sends images of the store to registries.</summary>
/// <remarks>Layers first, then the configuration, then the manifest: at no time does the registry name something that it doesn't have.</remarks>
internal sealed class ImagePusher(ContainerStorage storage, ImageCatalog catalog, ConfigurationEnvironment environment, ContainersConf configuration)
{
    /// <summary>Pushes an image. The last record holds the result.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, Unauthorized, Network, DataCorrupt, Unsupported.</exception>
    internal IAsyncEnumerable<ImagePushProgress> PushAsync(ImagePushRequest request, CancellationToken cancellationToken) =>
        ProgressSequence.Of<ImagePushProgress>((output, stop) => RunAsync(request, output, stop), cancellationToken);

    private async Task RunAsync(ImagePushRequest request, ChannelWriter<ImagePushProgress> output, CancellationToken cancellationToken)
    {
        var found = catalog.Get(request.Image);
        var target = Target(request, found);
        var source = ImageSource.Open(storage, catalog, found.Image);
        using var signer = ImageSigner.Open(request.Signing, environment);
        using var encryption = LayerEncryption.Open(request.Encryption);
        var kept = KeptSignatures(source, request);
        if (encryption is not null && kept.Count > 0)
        {
            throw OtherManifest(source, target);
        }
        using var connection = await new RegistryAccess(environment, configuration, RegistriesConf.Load(environment)).WriteAsync(target, request.Registry,
            message => output.TryWrite(new ImagePushProgress { Destination = target.ToString(), Stage = ImagePushStage.Retrying, Message = message }), cancellationToken);
        var writer = new RegistryWriter(connection, target.Path);
        var signatures = new RegistrySignatures(new RegistryClient(connection), target, RegistriesDirectory.Load(environment));
        signatures.CheckWritable(signer is { IsSimple: true } || kept.Any(one => one is SimpleSignature), signer is { IsSigstore: true } || kept.Any(one => one is SigstoreSignature));
        Report(output, target, ImagePushStage.Preparing);
        var form = PushForm.Choose(request, source);
        var layers = await new LayerPush(storage, writer, source, target, form, output, configuration.Engine.ImageParallelCopies, encryption).RunAsync(cancellationToken);
        Report(output, target, ImagePushStage.Configuration, source.ConfigDigest.ToString());
        if (await writer.FindBlobAsync(source.ConfigDigest.ToString(), cancellationToken) is null)
        {
            await writer.UploadAsync(source.ConfigBytes, source.ConfigDigest, cancellationToken);
        }
        Report(output, target, ImagePushStage.Manifest);
        var digest = await PutManifestAsync(writer, source, target, form, layers, kept.Count > 0, cancellationToken);
        if (signer is not null || kept.Count > 0)
        {
            Report(output, target, ImagePushStage.Signing);
            await signatures.AddAsync(writer, digest, signer is null ? kept : [.. kept, .. await signer.SignAsync(target, digest, cancellationToken)], cancellationToken);
        }
        output.TryWrite(new ImagePushProgress
        {
            Destination = target.ToString(),
            Stage = ImagePushStage.Done,
            Result = new ImagePushResult(found.Image.Id, target.ToString(), digest.ToString()),
        });
    }

    /// <summary>The name at the registry.</summary>
    private static ImageReference Target(ImagePushRequest request, FoundImage found)
    {
        if (string.IsNullOrEmpty(request.Destination))
        {
            return ImageReference.Parse(found.Name ?? throw EngineErrors.InvalidArgument(
                $"the image {request.Image} is named by its ID, which says nothing about a registry", request.Image, "give a destination"));
        }
        if (request.Destination.Split(':')[0] is "oci" or "oci-archive" or "docker-archive" or "dir")
        {
            throw EngineErrors.Unsupported($"{request.Destination} is no registry", request.Destination, "save the image there");
        }
        var target = ImageReference.Parse(request.Destination).WithDefaultTag();
        return target is not { Tag: not null, Digest: not null } ? target
            : throw ImageReference.Invalid(request.Destination, "a destination has a tag or a digest, not both");
    }

    /// <summary>The signatures that came with the image, which go along: they hold for its manifest as it is, so that has to stay the same.</summary>
    private static IReadOnlyList<ImageSignature> KeptSignatures(ImageSource source, ImagePushRequest request) =>
        request.RemoveSignatures || source.Manifest is not { } manifest ? [] : StoredSignatures.Read(source.Image, ContentDigest.Of(manifest.Bytes));

    private static async Task<ContentDigest> PutManifestAsync(RegistryWriter writer, ImageSource source, ImageReference target, PushForm form,
        IReadOnlyList<PushedLayer> layers, bool isSigned, CancellationToken cancellationToken)
    {
        try
        {
            return await PutManifestAsync(writer, source, target, form.Format, layers, isSigned, cancellationToken);
        }
        catch (ContainerEngineException error) when (error.ErrorId == "ManifestRefused" && form.CanChange && layers.All(layer => layer.CanBeIn(form.Other)))
        {
            // A registry that knows only one of the two forms: the blobs are the same in both.
            return await PutManifestAsync(writer, source, target, form.Other, layers, isSigned, cancellationToken);
        }
    }

    private static async Task<ContentDigest> PutManifestAsync(RegistryWriter writer, ImageSource source, ImageReference target, ImageFormat format,
        IReadOnlyList<PushedLayer> layers, bool isSigned, CancellationToken cancellationToken)
    {
        var manifest = source.BuildManifest(format, [.. layers.Select(layer => layer.Describe(format))]);
        var digest = ContentDigest.Of(manifest);
        if (target.Digest is { } wanted && wanted != digest.ToString())
        {
            throw EngineErrors.InvalidArgument($"the image's manifest has the digest {digest} there, not {wanted}", target.ToString(), "push it to a tag");
        }
        if (isSigned && digest != ContentDigest.Of(source.Manifest!.Bytes))
        {
            throw OtherManifest(source, target);
        }
        await writer.PutManifestAsync(target.ManifestKey, manifest, MediaTypes.Manifest(format), cancellationToken);
        return digest;
    }

    private static ContainerEngineException OtherManifest(ImageSource source, ImageReference target) =>
        EngineErrors.Unsupported($"the image {source.Image.Id[..12]} gets another manifest at {target}, for which its signatures don't hold", source.Image.Id,
            "leave them behind with --remove-signatures, or copy it from where it came from");

    private static void Report(ChannelWriter<ImagePushProgress> output, ImageReference target, ImagePushStage stage, string? digest = null) =>
        output.TryWrite(new ImagePushProgress { Destination = target.ToString(), Stage = stage, Message = digest });
}

using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Copies images between any two places.</summary>
internal sealed class ImageCopier(ConfigurationEnvironment environment, ContainersConf configuration)
{
    /// <summary>Copies an image, or a list. The last record holds the result.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, Unauthorized, Network, DataCorrupt, Unsupported, PermissionDenied.</exception>
    internal IAsyncEnumerable<ImageCopyProgress> CopyAsync(ImageCopyRequest request, CancellationToken cancellationToken) =>
        ProgressSequence.Of<ImageCopyProgress>((output, stop) => RunAsync(request, output, stop), cancellationToken);

    private async Task RunAsync(ImageCopyRequest request, ChannelWriter<ImageCopyProgress> output, CancellationToken cancellationToken)
    {
        var (source, destination) = (ImagePlace.Parse(request.Source), ImagePlace.Parse(request.Destination));
        var report = new CopyReport(output, destination.ToString());
        var access = new RegistryAccess(environment, configuration, RegistriesConf.Load(environment));
        await using var origin = await OpenOriginAsync(source, request, access, report, cancellationToken);
        await using var target = await OpenTargetAsync(destination, request, access, report, cancellationToken);
        var form = CopyForm.Choose(request, target);
        var top = await origin.ReadManifestAsync(null, cancellationToken);
        var copy = new ListCopy(origin, target, form, request.Lists, PlatformChoice.Complete(request.Platform), report, configuration.Engine.ImageParallelCopies)
        {
            DropSignatures = request.RemoveSignatures,
        };
        var copied = await copy.RunAsync(top, cancellationToken);
        await target.FinishAsync(cancellationToken);
        report.Done(new ImageCopyResult
        {
            Source = source.ToString(),
            Destination = destination.ToString(),
            Digest = copied.Digest.ToString(),
            SourceDigest = top.Digest.ToString(),
            MediaType = copied.Type,
            Images = copy.Images,
        });
    }

    private async Task<ImageOrigin> OpenOriginAsync(ImagePlace place, ImageCopyRequest request, RegistryAccess access, CopyReport report, CancellationToken cancellationToken)
    {
        if (place.Kind != TransportKind.Registry)
        {
            throw EngineErrors.Unsupported($"images can't be copied from {place} yet", place.ToString());
        }
        SignaturePolicy.Load(environment)?.Check(place.Reference);
        return await RegistryOrigin.OpenAsync(access, place.Reference, request.SourceRegistry, report.Retrying, cancellationToken);
    }

    private static async Task<ImageTarget> OpenTargetAsync(ImagePlace place, ImageCopyRequest request, RegistryAccess access, CopyReport report, CancellationToken cancellationToken)
    {
        if (place.Kind != TransportKind.Registry)
        {
            throw EngineErrors.Unsupported($"images can't be copied to {place} yet", place.ToString());
        }
        return new RegistryTarget(await access.WriteAsync(place.Reference, request.DestinationRegistry, report.Retrying, cancellationToken), place.Reference);
    }
}

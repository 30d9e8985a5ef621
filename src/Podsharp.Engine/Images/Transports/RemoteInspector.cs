using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Looks at images where they are.</summary>
internal static class RemoteInspector
{
    /// <summary>What a place has.</summary>
    /// <param name="origin">The place.</param>
    /// <param name="source">Its name.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">What the place raises; PlatformNotFound; Unsupported: it is an artifact.</exception>
    internal static async Task<RemoteContainerImage> InspectAsync(ImageOrigin origin, ImagePlace source, RemoteImageRequest request, CancellationToken cancellationToken)
    {
        var top = await origin.ReadManifestAsync(null, cancellationToken);
        var manifest = ImageManifest.Parse(top.Bytes, top.ContentType, origin.Name);
        var image = new RemoteContainerImage
        {
            Source = source.ToString(),
            Repository = source.Kind == TransportKind.Registry ? source.Reference.Repository : "",
            Digest = top.Digest.ToString(),
            MediaType = manifest.Type,
            Manifest = Encoding.UTF8.GetString(top.Bytes),
            Entries = [.. (manifest.Manifests ?? []).Select(Entry)],
            RateLimit = top.RateLimit,
        };
        if (!request.ManifestOnly)
        {
            var remote = await RemoteImage.ReadAsync(origin, PlatformChoice.Complete(request.Platform), cancellationToken);
            await remote.ReadConfigAsync(origin, cancellationToken);
            image = Filled(image, remote);
        }
        return request.Tags && origin is RegistryOrigin registry ? image with { Tags = await registry.ReadTagsAsync(cancellationToken) } : image;
    }

    private static RemoteContainerImage Filled(RemoteContainerImage image, RemoteImage remote) => image with
    {
        ImageDigest = remote.ManifestDigest.ToString(),
        Configuration = Encoding.UTF8.GetString(remote.ConfigBytes),
        Id = remote.ImageId,
        Created = remote.Config.Created,
        Os = remote.Config.Os ?? "",
        Architecture = remote.Config.Architecture ?? "",
        Variant = remote.Config.Variant ?? "",
        Author = remote.Config.Author ?? "",
        DockerVersion = remote.Config.DockerVersion ?? "",
        Config = remote.Config.ToModel(),
        Annotations = remote.Annotations,
        Layers = [.. remote.Layers.Select(layer => new RemoteImageLayer(layer.Digest, layer.Size, layer.MediaType, layer.Annotations ?? EmptyDictionary.Strings))],
        Size = remote.Layers.Sum(layer => layer.Size),
    };

    private static RemoteImageEntry Entry(Descriptor entry) => new(entry.Digest, entry.Size, entry.MediaType,
        entry.Platform is { } platform ? new ImagePlatform(platform.Os, platform.Architecture, platform.Variant ?? "") : null, entry.Annotations ?? EmptyDictionary.Strings);
}

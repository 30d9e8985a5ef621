using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Images;

/// <summary>How an image that came from elsewhere is recorded.</summary>
internal static class ImageCommits
{
    /// <summary>Describes the record.</summary>
    /// <param name="manifests">The manifests on the way to the image, the outermost first, the image's own last, each with its digest.</param>
    /// <param name="configDigest">The configuration's digest: the image's id.</param>
    /// <param name="configBytes">The configuration, byte for byte.</param>
    /// <param name="config">The same, read.</param>
    /// <param name="topLayer">The top layer, or null for none.</param>
    /// <param name="names">The image's names.</param>
    internal static ImageCommit Create(IReadOnlyList<(ContentDigest Digest, byte[] Bytes)> manifests, ContentDigest configDigest, byte[] configBytes,
        ImageConfigFile config, string? topLayer, IReadOnlyList<string> names) => new()
        {
            Id = configDigest.Hex,
            Names = names,
            TopLayerId = topLayer,
            Digest = manifests[0].Digest.ToString(),
            Created = config.Created ?? DateTimeOffset.UnixEpoch,
            BigData =
            [
                .. manifests.Select(manifest => Item($"manifest-{manifest.Digest}", manifest.Bytes)),
                Item("manifest", manifests[^1].Bytes),
                Item(configDigest.ToString(), configBytes),
            ],
        };

    private static KeyValuePair<string, ReadOnlyMemory<byte>> Item(string key, byte[] bytes) => new(key, bytes);
}

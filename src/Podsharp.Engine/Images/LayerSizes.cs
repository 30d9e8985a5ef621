using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Images;

/// <summary>How large layers' plain tars are.</summary>
internal static class LayerSizes
{
    /// <summary>The layers of an image, lowest first: DiffIDs and bytes of the plain tars.</summary>
    /// <param name="storage">The store.</param>
    /// <param name="chain">The layers, the uppermost first.</param>
    /// <param name="diffIds">What the image's configuration says of them, the lowest first.</param>
    internal static IReadOnlyList<(string DiffId, long Size)> Of(ContainerStorage storage, IEnumerable<StoredLayer> chain, IReadOnlyList<string> diffIds) =>
        [.. chain.Reverse().Zip(diffIds, (layer, diffId) => (diffId, layer.DiffDigest == diffId && layer.DiffSize is >= 0 and var size ? size : Measure(storage, layer)))];

    // Older engines didn't note it.
    private static long Measure(ContainerStorage storage, StoredLayer layer)
    {
        using var tar = storage.OpenLayerTar(layer.Id);
        return TarSplitStream.Digest(tar).Size;
    }
}

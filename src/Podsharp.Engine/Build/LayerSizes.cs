using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Build;

/// <summary>How large layers' tars are.</summary>
internal static class LayerSizes
{
    /// <summary>Bytes of the plain tar. Older engines didn't note it: then it is made.</summary>
    internal static long Of(ContainerStorage storage, StoredLayer layer)
    {
        if (layer.DiffSize is >= 0 and var size)
            return size;
        using var tar = storage.OpenLayerTar(layer.Id);
        return TarSplitStream.Digest(tar).Size;
    }
}

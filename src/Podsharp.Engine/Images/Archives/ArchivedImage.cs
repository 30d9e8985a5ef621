using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>An image as an archive describes it.</summary>
internal sealed record ArchivedImage
{
    /// <summary>What it is in the archive, for messages.</summary>
    internal required string Where { get; init; }

    /// <summary>Its full names.</summary>
    internal IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The manifests on the way to it, its own last; none in an archive of Docker's, which has no manifests.</summary>
    internal IReadOnlyList<(ContentDigest Digest, byte[] Bytes)> Manifests { get; init; } = [];

    /// <summary>The configuration, byte for byte.</summary>
    internal required byte[] ConfigBytes { get; init; }

    /// <summary>What the configuration says.</summary>
    internal required ImageConfigFile Config { get; init; }

    /// <summary>The layers, lowest first.</summary>
    internal required IReadOnlyList<ArchivedLayer> Layers { get; init; }

    /// <summary>The image's id.</summary>
    internal ContentDigest ConfigDigest => ContentDigest.Of(ConfigBytes);

    /// <summary>Makes an image of what was read.</summary>
    /// <param name="where">What it is in the archive.</param>
    /// <param name="configBytes">The configuration.</param>
    /// <param name="blobs">The layers' files in the archive, with the blob that a manifest promises there.</param>
    /// <exception cref="ContainerEngineException">The configuration is none, or doesn't fit the layers (DataCorrupt).</exception>
    internal static ArchivedImage Create(string where, byte[] configBytes, IReadOnlyList<(string Path, Descriptor? Blob)> blobs)
    {
        var config = ImageConfigFile.Parse(configBytes, where);
        config.CheckLayers(blobs.Count, where);
        var layers = new List<ArchivedLayer>();
        for (var i = 0; i < blobs.Count; i++)
        {
            var parent = i == 0 ? null : layers[^1].Id;
            layers.Add(new ArchivedLayer(blobs[i].Path, config.DiffIds[i], parent, ContainerStorage.ComputeLayerId(parent, config.DiffIds[i]), blobs[i].Blob));
        }
        return new ArchivedImage { Where = where, ConfigBytes = configBytes, Config = config, Layers = layers };
    }
}

/// <summary>A layer as an archive describes it.</summary>
/// <param name="Path">Its file in the archive.</param>
/// <param name="DiffId">Digest of its tar, as the configuration promises it.</param>
/// <param name="ParentId">Id of the layer below in the store, or null.</param>
/// <param name="Id">Its id in the store.</param>
/// <param name="Blob">The blob that the manifest promises; null where there is no manifest.</param>
internal sealed record ArchivedLayer(string Path, string DiffId, string? ParentId, string Id, Descriptor? Blob);

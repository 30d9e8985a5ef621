using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>An image of the engine's store. The store keeps layers unpacked, so that they leave it as plain tars.</summary>
internal sealed class StorageOrigin : ImageOrigin
{
    private readonly ImageSource _source;
    private readonly Dictionary<string, SourceLayer> _layers;
    private readonly ManifestAnswer _manifest;
    private readonly string _name;

    /// <summary>Opens an image.</summary>
    internal StorageOrigin(ImageSource source, string name)
    {
        (_source, _name) = (source, name);
        _layers = source.Layers.GroupBy(layer => layer.DiffId.ToString()).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var bytes = source.BuildManifest(source.Format, [.. source.Layers.Select(Describe)]);
        _manifest = new ManifestAnswer(bytes, MediaTypes.Manifest(source.Format), ContentDigest.Of(bytes));
    }

    /// <inheritdoc/>
    internal override string Name => _name;

    /// <inheritdoc/>
    internal override Task<ManifestAnswer> ReadManifestAsync(ContentDigest? digest, CancellationToken cancellationToken) => digest is null || digest == _manifest.Digest
        ? Task.FromResult(_manifest) : throw new ContainerEngineException(ErrorKind.NotFound, "RemoteImageNotFound", $"{_name} has no manifest {digest}", _name);

    /// <inheritdoc/>
    internal override ValueTask<BlobSource> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        Stream stream = blob.Digest == _source.ConfigDigest.ToString() ? new MemoryStream(_source.ConfigBytes, writable: false) : _source.OpenUnverified(_layers[blob.Digest]);
        return new(new BlobSource((buffer, stop) =>
        {
            stop.ThrowIfCancellationRequested();
            return ValueTask.FromResult(stream.Read(buffer.Span));
        }, stream));
    }

    private Descriptor Describe(SourceLayer layer)
    {
        var size = layer.DiffSize ?? Measure(layer);
        return layer.Describe(_source.Format, layer.DiffId, size, LayerCompression.None);
    }

    private long Measure(SourceLayer layer)
    {
        using var tar = _source.OpenTar(layer);
        return TarSplitStream.Digest(tar).Size;
    }
}

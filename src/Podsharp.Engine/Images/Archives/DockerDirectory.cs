using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>One image in Docker's form, each blob a file named by its digest: the transport <c>dir</c> of containers/image.</summary>
/// <param name="target">Where the tar goes.</param>
/// <param name="compress">Whether layers are compressed.</param>
/// <param name="spoolDirectory">Where layers wait until their digest is known.</param>
internal sealed class DockerDirectory(Stream target, bool compress, string spoolDirectory) : ImageArchive(target)
{
    /// <inheritdoc/>
    internal override async Task AddAsync(ImageSource source, IReadOnlyList<string> names, string reference, CancellationToken cancellationToken)
    {
        Tar.Add("version", "Directory Transport Version: 1.1\n"u8);
        var layers = new List<Descriptor>();
        foreach (var layer in source.Layers)
        {
            layers.Add(await AddLayerAsync(source, layer, reference, cancellationToken));
        }
        AddConfig(source.ConfigDigest.Hex, source, reference);
        Tar.Add("manifest.json", source.BuildManifest(ImageFormat.Docker, layers));
    }

    /// <inheritdoc/>
    internal override void Finish() => Tar.Finish();

    private async Task<Descriptor> AddLayerAsync(ImageSource source, SourceLayer layer, string reference, CancellationToken cancellationToken)
    {
        if (!compress)
        {
            var size = await AddPlainAsync(layer.DiffId.Hex, source, layer, reference, cancellationToken);
            return layer.Describe(ImageFormat.Docker, layer.DiffId, size, LayerCompression.None);
        }
        var packed = await AddCompressedAsync(digest => digest.Hex, source, layer, spoolDirectory, reference, cancellationToken);
        return layer.Describe(ImageFormat.Docker, packed.Digest, packed.Size, packed.Compression);
    }
}

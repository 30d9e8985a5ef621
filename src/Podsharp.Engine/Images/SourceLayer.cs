using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>A layer of an image of the store, as it can be carried elsewhere.</summary>
internal sealed record SourceLayer
{
    /// <summary>The layer in the store.</summary>
    internal required StoredLayer Stored { get; init; }

    /// <summary>Digest of its tar.</summary>
    internal required ContentDigest DiffId { get; init; }

    /// <summary>Bytes of its tar; null where the store doesn't know (a layer that was pulled in parts).</summary>
    internal long? DiffSize { get; init; }

    /// <summary>The blob that the stored manifest names for it: what a registry may still have. The store doesn't keep it, unless it is
    /// the plain tar.</summary>
    internal Descriptor? KnownBlob { get; init; }

    /// <summary>Describes a blob made of this layer.</summary>
    /// <param name="format">The form of the manifest it will stand in.</param>
    /// <param name="digest">The blob's digest.</param>
    /// <param name="size">The blob's bytes.</param>
    /// <param name="compression">How it is compressed.</param>
    /// <exception cref="ContainerEngineException">Unsupported: Docker's form has no zstd.</exception>
    internal Descriptor Describe(ImageFormat format, ContentDigest digest, long size, LayerCompression compression)
    {
        var text = digest.ToString();
        // Annotations and addresses of the known blob hold for that blob only.
        return KnownBlob?.Digest == text ? Convert(KnownBlob, format) with { Size = size, MediaType = MediaTypes.Layer(format, compression) }
            : new Descriptor { MediaType = MediaTypes.Layer(format, compression), Digest = text, Size = size };
    }

    /// <summary>The known blob's descriptor in another form; null where there is none that this form can name.</summary>
    internal Descriptor? DescribeKnown(ImageFormat format) =>
        KnownBlob is { } blob && (format == ImageFormat.Oci || !MediaTypes.IsZstd(blob.MediaType)) ? Convert(blob, format) : null;

    /// <summary>A blob's descriptor in another form.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: Docker's form has no zstd.</exception>
    internal static Descriptor Convert(Descriptor blob, ImageFormat format) => blob with
    {
        MediaType = MediaTypes.ConvertLayer(blob.MediaType, format),
        Annotations = format == ImageFormat.Oci ? blob.Annotations : null,
    };
}

using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>A layer as the registry has it.</summary>
/// <param name="Source">The layer in the store.</param>
/// <param name="Digest">The blob's digest.</param>
/// <param name="Size">The blob's bytes.</param>
/// <param name="Compression">How it is compressed.</param>
internal sealed record PushedLayer(SourceLayer Source, ContentDigest Digest, long Size, LayerCompression Compression)
{
    /// <summary>A layer that is to be had elsewhere and wasn't sent; it keeps its description.</summary>
    internal Descriptor? Foreign { get; init; }

    /// <summary>What stands beside it where it is encrypted; null where it isn't.</summary>
    internal Dictionary<string, string>? Encryption { get; init; }

    /// <summary>Whether a manifest of this form can name it.</summary>
    internal bool CanBeIn(ImageFormat format) => format == ImageFormat.Oci || (Encryption is null && Compression is LayerCompression.None or LayerCompression.Gzip);

    /// <summary>Its descriptor in a manifest.</summary>
    internal Descriptor Describe(ImageFormat format)
    {
        if (Encryption is not null)
        {
            return new Descriptor { MediaType = MediaTypes.Encrypted(MediaTypes.Layer(format, Compression)), Digest = Digest.ToString(), Size = Size, Annotations = Encryption };
        }
        return Foreign is null ? Source.Describe(format, Digest, Size, Compression) : Source.DescribeKnown(format) ?? Foreign;
    }
}

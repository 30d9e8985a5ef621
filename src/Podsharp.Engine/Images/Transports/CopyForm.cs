using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>What a copy may change, and what it is to come to.</summary>
/// <param name="Format">The form that is asked for; null for any.</param>
/// <param name="Compression">How layers are to be compressed; null for any.</param>
/// <param name="Level">How hard; null for the usual.</param>
/// <param name="OnlyThis">Whether layers that are there already must be compressed like this, too.</param>
/// <param name="Layers">How the target has layers.</param>
/// <param name="KeepDigests">Whether nothing may change.</param>
internal sealed record CopyForm(ImageFormat? Format, LayerCompression? Compression, int? Level, bool OnlyThis, ImageLayerForm Layers, bool KeepDigests)
{
    /// <summary>Encrypts layers; null for none.</summary>
    internal LayerEncryption? Encryption { get; init; }

    /// <summary>Decrypts layers; null where they stay as they are.</summary>
    internal LayerDecryption? Decryption { get; init; }

    /// <summary>Puts together what is asked for and what the target needs.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: the wishes contradict each other, or there is no such level.</exception>
    internal static CopyForm Choose(ImageCopyRequest request, ImageTarget target)
    {
        LayerCompression? compression = request.Compression switch
        {
            ImageCompression.Gzip => LayerCompression.Gzip,
            ImageCompression.Zstd => LayerCompression.Zstd,
            _ => null,
        };
        if (compression == LayerCompression.Zstd && (request.Format ?? target.OnlyFormat) == ImageFormat.Docker)
        {
            throw EngineErrors.InvalidArgument("Docker's form (v2s2) has no layers compressed with zstd", request.Destination, "choose gzip, or the form oci");
        }
        if (request.ForceCompression && compression is null)
        {
            throw EngineErrors.InvalidArgument("cannot force a compression that was not named", request.Destination, "name it with --dest-compress-format");
        }
        var isEncrypted = !request.Encryption.IsEmpty;
        if (isEncrypted && (request.Format ?? target.OnlyFormat) == ImageFormat.Docker)
        {
            throw EngineErrors.InvalidArgument("Docker's form (v2s2) has no encrypted layers", request.Destination, "choose the form oci, or another destination");
        }
        if (isEncrypted && request.Lists == ImageListCopy.IndexOnly)
        {
            throw EngineErrors.InvalidArgument("a list alone has no layers to encrypt", request.Source, "copy it with its images");
        }
        if (isEncrypted && request.PreserveDigests)
        {
            throw EngineErrors.InvalidArgument("what is encrypted gets another digest", request.Destination, "copy it without keeping digests");
        }
        if (request.Format is { } wanted && target.OnlyFormat is { } only && wanted != only)
        {
            throw EngineErrors.InvalidArgument($"{target.Name} takes images in the form {(only == ImageFormat.Oci ? "oci" : "v2s2")} only", request.Destination, "leave the format out");
        }
        // A wrong level is told before anything is copied.
        BlockCompressor.Create(compression ?? LayerCompression.Gzip, request.CompressionLevel).Dispose();
        return new CopyForm(request.Format ?? target.OnlyFormat ?? (compression == LayerCompression.Zstd || isEncrypted ? ImageFormat.Oci : null), compression, request.CompressionLevel,
            request.ForceCompression, request.Layers ?? target.Layers, request.PreserveDigests);
    }

    /// <summary>How a layer has to be packed; null where it can stay as it is.</summary>
    internal LayerCompression? Change(LayerCompression actual) => Layers switch
    {
        _ when KeepDigests => null,
        ImageLayerForm.Compressed when actual == LayerCompression.None => Compression ?? LayerCompression.Gzip,
        ImageLayerForm.Compressed when Compression is { } wanted && wanted != actual => wanted,
        ImageLayerForm.Plain when actual != LayerCompression.None => LayerCompression.None,
        _ => null,
    };
}

using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>The form in which an image is pushed.</summary>
/// <param name="Format">Form of the manifest.</param>
/// <param name="CanChange">Whether the other form will do if the registry refuses this one.</param>
/// <param name="Compression">How layers are compressed that have to be sent.</param>
/// <param name="Level">How hard; null for the usual level.</param>
/// <param name="OnlyThis">Whether layers that the registry has must be compressed like this, too.</param>
internal sealed record PushForm(ImageFormat Format, bool CanChange, LayerCompression Compression, int? Level, bool OnlyThis)
{
    /// <summary>The other form.</summary>
    internal ImageFormat Other => Format == ImageFormat.Oci ? ImageFormat.Docker : ImageFormat.Oci;

    /// <summary>Chooses the form by what is wanted, else by what the image has.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: the wishes contradict each other, or there is no such level.</exception>
    internal static PushForm Choose(ImagePushRequest request, ImageSource source)
    {
        var compression = request.Compression == ImageCompression.Zstd ? LayerCompression.Zstd : LayerCompression.Gzip;
        if (compression == LayerCompression.Zstd && request.Format == ImageFormat.Docker)
        {
            throw EngineErrors.InvalidArgument("Docker's form (v2s2) has no layers compressed with zstd", request.Image, "choose gzip, or the form oci");
        }
        if (!request.Encryption.IsEmpty && request.Format == ImageFormat.Docker)
        {
            throw EngineErrors.InvalidArgument("Docker's form (v2s2) has no encrypted layers", request.Image, "choose the form oci");
        }
        if (request.ForceCompression && request.Compression is null)
        {
            throw EngineErrors.InvalidArgument("cannot force a compression that was not named", request.Image, "name it with --compression-format");
        }
        // A wrong level is told before anything is sent.
        BlockCompressor.Create(compression, request.CompressionLevel).Dispose();
        var format = request.Format ?? (compression == LayerCompression.Zstd || !request.Encryption.IsEmpty ? ImageFormat.Oci : source.Format);
        return new PushForm(format, request.Format is null, compression, request.CompressionLevel, request.ForceCompression);
    }
}

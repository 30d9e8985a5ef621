using Podsharp.Engine.Registry;
using Podsharp.Engine.Trust;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>A name at a registry.</summary>
/// <param name="connection">The connection, which becomes the target's own.</param>
/// <param name="target">The name.</param>
/// <param name="signaturePlaces">Where its signatures are; null where none are written.</param>
internal sealed class RegistryTarget(RegistryConnection connection, ImageReference target, RegistriesDirectory? signaturePlaces = null) : ImageTarget
{
    private readonly RegistryWriter _writer = new(connection, target.Path);

    /// <inheritdoc/>
    internal override string Name => target.ToString();

    /// <inheritdoc/>
    internal override ImageLayerForm Layers => ImageLayerForm.Compressed;

    /// <inheritdoc/>
    internal override bool MayRefuse => true;

    /// <inheritdoc/>
    internal override async Task<ImageCopyStage?> TryReuseAsync(Descriptor blob, ImageOrigin origin, CancellationToken cancellationToken)
    {
        if (await _writer.FindBlobAsync(blob.Digest, cancellationToken) is { } size && (size < 0 || size == blob.Size))
        {
            return ImageCopyStage.BlobExists;
        }
        return origin.Reference is { } donor && donor.Domain == target.Domain && donor.Path != target.Path && await _writer.TryMountAsync(blob.Digest, donor.Path, cancellationToken)
            ? ImageCopyStage.BlobMounted : null;
    }

    /// <inheritdoc/>
    internal override Task<MadeBlob> PutBlobAsync(BlobMaker make, bool isConfig, Action<long> progress, CancellationToken cancellationToken) =>
        _writer.UploadAsync(make, progress, cancellationToken);

    /// <inheritdoc/>
    internal override async Task PutManifestAsync(byte[] bytes, string type, bool isTop, CancellationToken cancellationToken)
    {
        var digest = ContentDigest.Of(bytes).ToString();
        if (isTop && target.Digest is { } wanted && wanted != digest)
        {
            throw EngineErrors.InvalidArgument($"the image's manifest has the digest {digest} there, not {wanted}", target.ToString(), "copy it to a tag");
        }
        await _writer.PutManifestAsync(isTop ? target.ManifestKey : digest, bytes, type, cancellationToken);
    }

    /// <inheritdoc/>
    internal override bool TakesSignatures => signaturePlaces is not null;

    /// <inheritdoc/>
    internal override Task PutSignaturesAsync(IReadOnlyList<byte[]> signatures, ContentDigest manifest, bool isTop, CancellationToken cancellationToken) =>
        new RegistrySignatures(new RegistryClient(connection), target, signaturePlaces!).AddAsync(_writer, manifest, [.. signatures.Select(ImageSignature.FromBlob)], cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }
}

using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>A place to which images are written: blobs first, then what names them.</summary>
internal abstract class ImageTarget : IAsyncDisposable
{
    /// <summary>What it is, for messages.</summary>
    internal abstract string Name { get; }

    /// <summary>How it wants layers.</summary>
    internal abstract ImageLayerForm Layers { get; }

    /// <summary>Whether it can hold a list and its images.</summary>
    internal virtual bool TakesLists => true;

    /// <summary>The only form of images that it takes; null for any.</summary>
    internal virtual ImageFormat? OnlyFormat => null;

    /// <summary>Whether it can say no to a form, and the other is to be tried then.</summary>
    internal virtual bool MayRefuse => false;

    /// <summary>Whether signatures can lie beside manifests there.</summary>
    internal virtual bool TakesSignatures => false;

    /// <summary>Sees whether a blob is there already, or can be had without sending it.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="origin">Where the image comes from.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>What it was: exists, mounted; null where it has to be copied.</returns>
    internal abstract Task<ImageCopyStage?> TryReuseAsync(Descriptor blob, ImageOrigin origin, CancellationToken cancellationToken);

    /// <summary>Writes a blob.</summary>
    /// <param name="make">Makes it, as often as need be, each time the same bytes.</param>
    /// <param name="isConfig">Whether it is a configuration rather than a layer.</param>
    /// <param name="progress">Told the bytes written so far.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal abstract Task<MadeBlob> PutBlobAsync(BlobMaker make, bool isConfig, Action<long> progress, CancellationToken cancellationToken);

    /// <summary>Writes a manifest.</summary>
    /// <param name="bytes">The manifest.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="isTop">Whether it is what the place's name is to stand for; else one that a list names.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">Unsupported: the place doesn't take this form (ManifestRefused).</exception>
    internal abstract Task PutManifestAsync(byte[] bytes, string type, bool isTop, CancellationToken cancellationToken);

    /// <summary>Writes the signatures of a manifest.</summary>
    internal virtual Task PutSignaturesAsync(IReadOnlyList<byte[]> signatures, ContentDigest manifest, bool isTop, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Finishes what was written: until then nothing is to be seen where the place can do that.</summary>
    internal virtual Task FinishAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

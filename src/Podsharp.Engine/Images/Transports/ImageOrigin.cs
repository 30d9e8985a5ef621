using Podsharp.Engine.Registry;
using Podsharp.Engine.Trust;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>A place from which an image is read: its manifests, and the blobs that they name. What comes out is not verified, unless a member says so.</summary>
internal abstract class ImageOrigin : IAsyncDisposable
{
    /// <summary>What it is, for messages.</summary>
    internal abstract string Name { get; }

    /// <summary>The name at a registry; null for another kind of place.</summary>
    internal virtual ImageReference? Reference => null;

    /// <summary>The policy that images from here must meet; null for none.</summary>
    internal ImageGuard? Guard { get; set; }

    /// <summary>The manifest of what was named, or of one that it names by digest; compared with that.</summary>
    /// <exception cref="ContainerEngineException">NotFound, DataCorrupt; what a registry raises.</exception>
    internal abstract Task<ManifestAnswer> ReadManifestAsync(ContentDigest? digest, CancellationToken cancellationToken);

    /// <summary>Opens a blob: exactly as many bytes as its description announces.</summary>
    internal abstract ValueTask<BlobSource> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>Checks an image, or a list that is taken as it is, against the policy: before anything is read that it names.</summary>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="listed">The manifest's digest, where a list named it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ContainerEngineException">PolicyRejected; what reading signatures raises.</exception>
    internal Task CheckAsync(byte[] manifest, ContentDigest? listed, CancellationToken cancellationToken) => Guard is null ? Task.CompletedTask
        : Guard.Policy.CheckAsync(Guard.Image, manifest, async stop => [.. (await ReadSignaturesAsync(listed, stop)).Select(ImageSignature.FromBlob)], cancellationToken);

    /// <summary>Signatures that lie beside a manifest, in their order.</summary>
    internal virtual Task<IReadOnlyList<byte[]>> ReadSignaturesAsync(ContentDigest? digest, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<byte[]>>([]);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A small blob as a whole, compared with its digest.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is another.</exception>
    internal async Task<byte[]> ReadBlobAsync(Descriptor blob, string what, CancellationToken cancellationToken)
    {
        var digest = ContentDigest.Parse(blob.Digest, "the manifest");
        await using var source = await OpenBlobAsync(blob, cancellationToken);
        var bytes = new byte[blob.Size];
        var count = 0;
        for (int read; count < bytes.Length && (read = await source.Read(bytes.AsMemory(count), cancellationToken)) > 0;)
        {
            count += read;
        }
        return digest.Same(bytes) == digest ? bytes : throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch",
            $"the {what} of {Name} does not have the digest {blob.Digest}", Name, "this copy is damaged");
    }
}

/// <summary>An open blob.</summary>
/// <param name="Read">Its bytes.</param>
/// <param name="Owner">What is to be closed when it isn't needed any more.</param>
internal sealed record BlobSource(BlobReader Read, IAsyncDisposable? Owner) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Owner?.DisposeAsync() ?? ValueTask.CompletedTask;
}

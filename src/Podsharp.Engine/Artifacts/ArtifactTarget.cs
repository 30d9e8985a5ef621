using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Artifacts;

/// <summary>A name in the store of artifacts, to be written: it stands for the new artifact when all of that is there.</summary>
internal sealed class ArtifactTarget(ArtifactStore store, string name) : ImageTarget
{
    private readonly ArtifactBlobs _blobs = store.Stage();
    private byte[]? _manifest;

    /// <inheritdoc/>
    internal override string Name => name;

    /// <inheritdoc/>
    internal override ImageLayerForm Layers => ImageLayerForm.Unchanged;

    /// <inheritdoc/>
    internal override bool TakesLists => false;

    /// <inheritdoc/>
    internal override Task<ImageCopyStage?> TryReuseAsync(Descriptor blob, ImageOrigin origin, CancellationToken cancellationToken)
    {
        var digest = ContentDigest.Parse(blob.Digest, $"the manifest of {origin.Name}");
        return Task.FromResult<ImageCopyStage?>(_blobs.TryTakeLink(store.BlobPath(digest), digest, blob.Size) ? ImageCopyStage.BlobExists : null);
    }

    /// <inheritdoc/>
    internal override Task<MadeBlob> PutBlobAsync(BlobMaker make, bool isConfig, Action<long> progress, CancellationToken cancellationToken) =>
        _blobs.TakeAsync(make, progress, cancellationToken);

    /// <inheritdoc/>
    internal override Task PutManifestAsync(byte[] bytes, string type, bool isTop, CancellationToken cancellationToken)
    {
        _manifest = bytes;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override Task FinishAsync(CancellationToken cancellationToken)
    {
        store.Commit(name, _blobs, _ => _manifest!, cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _blobs.Dispose();
        return ValueTask.CompletedTask;
    }
}

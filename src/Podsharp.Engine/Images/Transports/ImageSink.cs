using Podsharp.Engine.Registry;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Files of an image on their way into a directory or an archive. Several may be written at a time.</summary>
internal abstract class ImageSink : IAsyncDisposable
{
    /// <summary>Whether a file of this size is there already.</summary>
    internal abstract bool Has(string name, long size);

    /// <summary>Writes a small file, in the place of what is there.</summary>
    internal abstract Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Writes a blob under a name that follows from its digest.</summary>
    /// <param name="make">Makes it.</param>
    /// <param name="nameOf">Its name.</param>
    /// <param name="progress">Told the bytes so far.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal abstract Task<MadeBlob> WriteAsync(BlobMaker make, Func<ContentDigest, string> nameOf, Action<long> progress, CancellationToken cancellationToken);

    /// <summary>Changes a small file that others may be changing, too.</summary>
    /// <param name="name">The file.</param>
    /// <param name="change">Makes the new content of the old, which is null where there is none.</param>
    /// <param name="lockName">A file beside it whose lock is held meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal virtual Task ChangeAsync(string name, Func<byte[]?, byte[]> change, string lockName, CancellationToken cancellationToken) =>
        WriteAsync(name, change(null), cancellationToken);

    /// <summary>Makes what was written whole.</summary>
    internal abstract Task FinishAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

using System.Net;
using Podsharp.Engine.Images;

namespace Podsharp.Engine.Registry;

/// <summary>A blob that was made.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record MadeBlob(ContentDigest Digest, long Size);

/// <summary>Makes a blob from its beginning, each time the same bytes, and hands it on piece by piece.</summary>
internal delegate Task<MadeBlob> BlobMaker(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken);

/// <summary>A body of unknown length that is made while it is sent. It may take any time as long as it moves.</summary>
/// <param name="make">Makes the blob.</param>
/// <param name="progress">Told the bytes sent so far.</param>
/// <param name="stallLimit">How long the registry may take nothing.</param>
internal sealed class UploadContent(BlobMaker make, Action<long> progress, TimeSpan stallLimit) : HttpContent
{
    /// <summary>Called when all has been sent: now the answer is waited for.</summary>
    internal Action? Sent { get; set; }

    /// <summary>Called when no more comes: who waits for the answer would wait for ever.</summary>
    internal Action? Broken { get; set; }

    /// <summary>The blob, once all of it has been handed to the network.</summary>
    internal MadeBlob? Blob { get; private set; }

    /// <summary>Why no more comes.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Why the blob could not be made; null as long as it is the network that failed.</summary>
    internal Exception? MakerFailure { get; private set; }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Exception? networkFailure = null;
        var position = 0L;
        try
        {
            Blob = await make(async (data, stop) =>
            {
                try
                {
                    await WriteAsync(stream, data, stop);
                }
                catch (Exception error)
                {
                    networkFailure = error;
                    throw;
                }
                progress(position += data.Length);
            }, cancellationToken);
            Sent?.Invoke();
        }
        catch (Exception error)
        {
            Failure ??= networkFailure ?? error;
            MakerFailure = networkFailure is null && error is not OperationCanceledException ? error : null;
            Broken?.Invoke();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    // A write that has begun looks at no token: only the end of the whole request wakes it.
    private async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        using var watch = new CancellationTokenSource(stallLimit);
        await using var registration = watch.Token.UnsafeRegister(static content => ((UploadContent)content!).Stall(), this);
        try
        {
            await stream.WriteAsync(data, cancellationToken);
        }
        catch (Exception) when (watch.IsCancellationRequested)
        {
            throw Failure!;
        }
    }

    private void Stall()
    {
        Failure = new TimeoutException($"the registry took no data for {stallLimit.TotalSeconds} seconds");
        Broken?.Invoke();
    }
}

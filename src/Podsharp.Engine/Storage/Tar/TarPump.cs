using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>Carries a stream in pooled blocks from the thread that reads it (and so decompresses it) to a thread that hashes it and
/// one that consumes it, all three at work at once.</summary>
/// <remarks>A few blocks go round; whoever is slowest holds the others back, so memory doesn't grow with the stream. The caller's
/// thread does the reading: when the run ends, however it ends, nobody touches the caller's stream any more.</remarks>
internal sealed class TarPump : ITarInput, IDisposable
{
    // A multiple of the tar's block size, so that headers never straddle two blocks.
    private const int BlockLength = 256 * 1024;
    private const int BlockCount = 8;

    private readonly BoundedQueue<Block> free;
    private readonly BoundedQueue<Block> toHash;
    private readonly BoundedQueue<Block> toConsume;
    private readonly CancellationTokenSource stop;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ExceptionDispatchInfo? failure;
    private Block? current;
    private int offset;

    private TarPump(CancellationToken cancellationToken)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        free = new BoundedQueue<Block>(BlockCount, stop.Token);
        toHash = new BoundedQueue<Block>(BlockCount, stop.Token);
        toConsume = new BoundedQueue<Block>(BlockCount, stop.Token);
        for (var i = 0; i < BlockCount; i++)
            free.Add(new Block());
    }

    private sealed class Block
    {
        internal readonly byte[] Bytes = GC.AllocateUninitializedArray<byte>(BlockLength);
        internal int Length;
        internal int Users;
    }

    /// <summary>Runs a consumer over a stream to the stream's end.</summary>
    /// <returns>The stream's SHA-256 in hexadecimal, and its length.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal static (string Sha256, long Length) Run(Stream stream, Action<ITarInput> consume, CancellationToken cancellationToken)
    {
        using var pump = new TarPump(cancellationToken);
        var hasher = pump.Start("podsharp hash", pump.HashBlocks);
        var consumer = pump.Start("podsharp unpack", () => consume(pump));
        long length;
        try
        {
            length = pump.ReadBlocks(stream);
        }
        catch (Exception error)
        {
            pump.Fail(error);
            length = 0;
        }
        hasher.Join();
        consumer.Join();
        cancellationToken.ThrowIfCancellationRequested();
        pump.failure?.Throw();
        return (Convert.ToHexStringLower(pump.hash.GetHashAndReset()), length);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Take(int maximum)
    {
        while (current is null || offset == current.Length)
        {
            if (current is not null)
                Release(current);
            current = null;
            offset = 0;
            if (!toConsume.TryTake(out current))
                return default;
        }
        var part = current.Bytes.AsSpan(offset, Math.Min(maximum, current.Length - offset));
        offset += part.Length;
        return part;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        free.Dispose();
        toHash.Dispose();
        toConsume.Dispose();
        stop.Dispose();
        hash.Dispose();
    }

    private long ReadBlocks(Stream stream)
    {
        long total = 0;
        while (true)
        {
            _ = free.TryTake(out var taken);
            var block = taken!;
            block.Length = stream.ReadAtLeast(block.Bytes, BlockLength, throwOnEndOfStream: false);
            total += block.Length;
            if (block.Length > 0)
            {
                block.Users = 2;
                toHash.Add(block);
                toConsume.Add(block);
            }
            if (block.Length < BlockLength)
                break;
        }
        toHash.Complete();
        toConsume.Complete();
        return total;
    }

    private void HashBlocks()
    {
        while (toHash.TryTake(out var block))
        {
            hash.AppendData(block.Bytes, 0, block.Length);
            Release(block);
        }
    }

    private void Release(Block block)
    {
        if (Interlocked.Decrement(ref block.Users) == 0)
            free.Add(block);
    }

    private Thread Start(string name, Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception error)
            {
                Fail(error);
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    // The first error is the cause; those it makes by stopping the others are not worth telling.
    private void Fail(Exception error)
    {
        Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
        stop.Cancel();
    }
}

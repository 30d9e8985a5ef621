using System.Buffers;
using System.Collections.Concurrent;

namespace Podsharp.Engine.Images;

/// <summary>Hands blocks of bytes from one thread to another; when the reader is behind, the writer waits. It bounds the memory
/// of a layer in flight, and lets download, decompression and unpacking run at the same time.</summary>
internal sealed class BlockPipe : IDisposable
{
    /// <summary>Bytes of a block: small enough to stay in a core's cache, large enough that handing over costs nothing.</summary>
    internal const int BlockSize = 256 * 1024;

    private readonly ConcurrentQueue<ArraySegment<byte>> _blocks = new();
    private readonly SemaphoreSlim _free;
    private readonly SemaphoreSlim _filled = new(0);
    private Exception? _error;

    /// <summary>Creates a pipe.</summary>
    /// <param name="capacity">Blocks that may wait in it.</param>
    internal BlockPipe(int capacity) => _free = new SemaphoreSlim(capacity);

    /// <summary>A block to fill. It goes back by <see cref="Return"/> or into a pipe.</summary>
    internal static byte[] Rent() => ArrayPool<byte>.Shared.Rent(BlockSize);

    /// <summary>Gives a block back.</summary>
    internal static void Return(byte[] block) => ArrayPool<byte>.Shared.Return(block);

    /// <summary>Hands a block over, waiting for room.</summary>
    internal async ValueTask WriteAsync(byte[] block, int count, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        Put(block, count);
    }

    /// <summary>Hands a block over, waiting for room.</summary>
    internal void Write(byte[] block, int count, CancellationToken cancellationToken)
    {
        _free.Wait(cancellationToken);
        Put(block, count);
    }

    /// <summary>Says that nothing more comes; with an error, the reader gets it.</summary>
    internal void Complete(Exception? error = null)
    {
        _error = error;
        Put([], 0);
    }

    /// <summary>The next block, which the caller returns; empty at the end, and from then on.</summary>
    internal ArraySegment<byte> Read(CancellationToken cancellationToken)
    {
        _filled.Wait(cancellationToken);
        _blocks.TryDequeue(out var block);
        if (block.Count > 0)
        {
            _free.Release();
            return block;
        }
        _filled.Release();
        return _error is null ? default : throw new IOException("the data ended early", _error);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_blocks.TryDequeue(out var block))
        {
            if (block.Count > 0)
            {
                Return(block.Array!);
            }
        }
        _free.Dispose();
        _filled.Dispose();
    }

    private void Put(byte[] block, int count)
    {
        _blocks.Enqueue(new ArraySegment<byte>(block, 0, count));
        _filled.Release();
    }
}

using System.Buffers;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Images;

/// <summary>Hands blocks of bytes from one thread to another; when the reader is behind, the writer waits. It bounds the memory
/// of a layer in flight, and lets download, decompression and unpacking run at the same time.</summary>
internal sealed class BlockPipe : IDisposable
{
    /// <summary>Bytes of a block: small enough to stay in a core's cache, large enough that handing over costs nothing.</summary>
    internal const int BlockSize = 256 * 1024;

    private readonly BoundedQueue<ArraySegment<byte>> _blocks;
    private volatile Exception? _error;

    /// <summary>Creates a pipe.</summary>
    /// <param name="capacity">Blocks that may wait in it.</param>
    /// <param name="cancellationToken">Wakes both ends.</param>
    internal BlockPipe(int capacity, CancellationToken cancellationToken) => _blocks = new BoundedQueue<ArraySegment<byte>>(capacity, cancellationToken);

    /// <summary>A block to fill. It goes back by <see cref="Return"/> or into a pipe.</summary>
    internal static byte[] Rent() => ArrayPool<byte>.Shared.Rent(BlockSize);

    /// <summary>Gives a block back.</summary>
    internal static void Return(byte[] block) => ArrayPool<byte>.Shared.Return(block);

    /// <summary>Hands a block over, waiting for room.</summary>
    internal ValueTask WriteAsync(byte[] block, int count) => _blocks.AddAsync(new ArraySegment<byte>(block, 0, count));

    /// <summary>Hands a block over, blocking while there is no room.</summary>
    internal void Write(byte[] block, int count) => _blocks.Add(new ArraySegment<byte>(block, 0, count));

    /// <summary>Says that nothing more comes; with an error, the reader gets it.</summary>
    internal void Complete(Exception? error = null)
    {
        _error = error;
        _blocks.Complete();
    }

    /// <summary>The next block, which the caller returns; empty at the end, and from then on. Blocks while there is none.</summary>
    internal ArraySegment<byte> Read()
    {
        if (_blocks.TryTake(out var block))
        {
            return block;
        }
        return _error is { } error ? throw new IOException("the data ended early", error) : default;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_blocks.TryTakeNow(out var block))
        {
            Return(block.Array!);
        }
        _blocks.Dispose();
    }
}

using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>Compression of whole blocks by libzstd (<c>zstd.h</c>), each to a frame of its own. One thread at a time.</summary>
internal sealed unsafe partial class ZstdCompressor : IDisposable
{
    private const string Library = "libzstd.so.1";

    private nint _context;

    private ZstdCompressor(nint context) => _context = context;

    /// <summary>Creates a context; null where the host has no libzstd.</summary>
    internal static ZstdCompressor? TryCreate()
    {
        try
        {
            var context = ZSTD_createCCtx();
            return context == 0 ? throw new OutOfMemoryException("libzstd has no memory") : new ZstdCompressor(context);
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The most bytes that a block of this size can become.</summary>
    internal static int Bound(int size) => checked((int)ZSTD_compressBound((nuint)size));

    /// <summary>Compresses a block to a frame.</summary>
    /// <param name="block">The block.</param>
    /// <param name="target">Room for <see cref="Bound"/> bytes.</param>
    /// <param name="level">1 to 20.</param>
    /// <returns>Bytes of the frame.</returns>
    internal int Compress(ReadOnlySpan<byte> block, Span<byte> target, int level)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        fixed (byte* from = block)
        fixed (byte* to = target)
        {
            var count = ZSTD_compressCCtx(_context, to, (nuint)target.Length, from, (nuint)block.Length, level);
            return ZSTD_isError(count) == 0 ? (int)count
                : throw new InvalidOperationException("zstd: " + Marshal.PtrToStringUTF8(ZSTD_getErrorName(count)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_context != 0)
        {
            _ = ZSTD_freeCCtx(_context);
            _context = 0;
        }
    }

    [LibraryImport(Library)]
    private static partial nint ZSTD_createCCtx();

    [LibraryImport(Library)]
    private static partial nuint ZSTD_freeCCtx(nint context);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_compressBound(nuint size);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_compressCCtx(nint context, byte* target, nuint targetSize, byte* source, nuint sourceSize, int level);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint ZSTD_getErrorName(nuint code);
}

using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>Streaming decompression by libzstd (<c>zstd.h</c>): one context, any number of frames, skippable ones too.</summary>
internal sealed unsafe partial class Zstd : IDisposable
{
    // The soname; the name without a number comes with the development package only.
    private const string Library = "libzstd.so.1";

    private nint _context;

    private Zstd(nint context) => _context = context;

    /// <summary>Whether the last call ended on a frame's border, where the data may end.</summary>
    internal bool IsAtFrameEnd { get; private set; } = true;

    /// <summary>Creates a context; null where the host has no libzstd.</summary>
    internal static Zstd? TryCreate()
    {
        try
        {
            var context = ZSTD_createDStream();
            return context == 0 ? throw new OutOfMemoryException("libzstd has no memory") : new Zstd(context);
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Decompresses a piece.</summary>
    /// <param name="input">Compressed bytes.</param>
    /// <param name="output">Where to put the result.</param>
    /// <param name="consumed">Bytes taken of the input.</param>
    /// <returns>Bytes put into the output.</returns>
    /// <exception cref="InvalidDataException">The input isn't zstd, or is damaged.</exception>
    internal int Decompress(ReadOnlySpan<byte> input, Span<byte> output, out int consumed)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        fixed (byte* source = input)
        fixed (byte* target = output)
        {
            var from = new Buffer { Pointer = source, Size = (nuint)input.Length };
            var to = new Buffer { Pointer = target, Size = (nuint)output.Length };
            var hint = ZSTD_decompressStream(_context, &to, &from);
            if (ZSTD_isError(hint) != 0)
            {
                throw new InvalidDataException("zstd: " + Marshal.PtrToStringUTF8(ZSTD_getErrorName(hint)));
            }
            IsAtFrameEnd = hint == 0;
            consumed = (int)from.Position;
            return (int)to.Position;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_context != 0)
        {
            _ = ZSTD_freeDStream(_context);
            _context = 0;
        }
    }

    /// <summary><c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>, which have one shape.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer
    {
        public byte* Pointer;
        public nuint Size;
        public nuint Position;
    }

    [LibraryImport(Library)]
    private static partial nint ZSTD_createDStream();

    [LibraryImport(Library)]
    private static partial nuint ZSTD_freeDStream(nint context);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_decompressStream(nint context, Buffer* output, Buffer* input);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint ZSTD_getErrorName(nuint code);
}

using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Compression;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Compresses blocks, each for itself, on any number of threads.</summary>
internal sealed class BlockCompressor : IDisposable
{
    private const int UsualGzipLevel = 6;
    private const int UsualZstdLevel = 3;

    // What of a piece tells whether it has repetitions: two parts of it, each longer than the 32 KiB that deflate looks back, at a quick level.
    private const int SampleParts = 2;
    private const int SamplePart = 40 * 1024;
    private const int SampleLevel = 2;

    private readonly LayerCompression _compression;
    private readonly int _level;
    private readonly ConcurrentBag<ZstdCompressor> _contexts = [];

    private BlockCompressor(LayerCompression compression, int level)
    {
        _compression = compression;
        _level = level;
    }

    /// <summary>Creates one.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: there is no such level. MissingComponent: no libzstd. Unsupported: another compression.</exception>
    internal static BlockCompressor Create(LayerCompression compression, int? level)
    {
        var (usual, least, most) = compression switch
        {
            LayerCompression.Gzip => (UsualGzipLevel, 0, 9),
            LayerCompression.Zstd => (UsualZstdLevel, 1, 20),
            _ => throw EngineErrors.Unsupported($"layers can't be compressed with {compression.ToString().ToLowerInvariant()}", null, "choose gzip or zstd"),
        };
        if (level is { } wanted && (wanted < least || wanted > most))
        {
            throw EngineErrors.InvalidArgument($"{compression.ToString().ToLowerInvariant()} has no level {wanted}", null, $"give one from {least} to {most}");
        }
        var compressor = new BlockCompressor(compression, level ?? usual);
        if (compression == LayerCompression.Zstd)
        {
            compressor._contexts.Add(NewContext());
        }
        return compressor;
    }

    /// <summary>Compresses a block of the shared pool, which is given back; the result is one, too.</summary>
    internal ArraySegment<byte> Compress(ArraySegment<byte> block)
    {
        var result = _compression == LayerCompression.Gzip ? Gzip(block) : Zstd(block);
        ArrayPool<byte>.Shared.Return(block.Array!);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var context in _contexts)
        {
            context.Dispose();
        }
    }

    private ArraySegment<byte> Gzip(ArraySegment<byte> block)
    {
        // The worst case is that of fixed Huffman codes, nine bits for each byte.
        var target = ArrayPool<byte>.Shared.Rent(block.Count + (block.Count >> 3) + 1024);
        return new ArraySegment<byte>(target, 0, Gzip(block, target, _level, Repeats(block) ? ZLibCompressionStrategy.Default : ZLibCompressionStrategy.HuffmanOnly));
    }

    /// <summary>Whether it pays to look for repetitions. In what is compressed already, in hexadecimal and the like there are none: the search takes
    /// three quarters of the time then, and its result is the larger one.</summary>
    private bool Repeats(ArraySegment<byte> block)
    {
        if (_level == 0 || block.Count < SampleParts * SamplePart * 4)
        {
            return true;
        }
        var sample = ArrayPool<byte>.Shared.Rent(SampleParts * SamplePart);
        var parts = sample.AsSpan(0, SampleParts * SamplePart);
        for (var i = 0; i < SampleParts; i++)
        {
            block.AsSpan((block.Count - SamplePart) / (SampleParts - 1) * i, SamplePart).CopyTo(parts[(i * SamplePart)..]);
        }
        var target = ArrayPool<byte>.Shared.Rent(parts.Length * 2);
        var pays = Gzip(parts, target, Math.Min(_level, SampleLevel), ZLibCompressionStrategy.Default) < Gzip(parts, target, _level, ZLibCompressionStrategy.HuffmanOnly);
        ArrayPool<byte>.Shared.Return(sample);
        ArrayPool<byte>.Shared.Return(target);
        return pays;
    }

    private static int Gzip(ReadOnlySpan<byte> data, byte[] target, int level, ZLibCompressionStrategy strategy)
    {
        using var memory = new MemoryStream(target);
        using (var gzip = new GZipStream(memory, new ZLibCompressionOptions { CompressionLevel = level, CompressionStrategy = strategy }, leaveOpen: true))
        {
            gzip.Write(data);
        }
        return (int)memory.Position;
    }

    private ArraySegment<byte> Zstd(ArraySegment<byte> block)
    {
        var context = _contexts.TryTake(out var idle) ? idle : NewContext();
        var target = ArrayPool<byte>.Shared.Rent(ZstdCompressor.Bound(block.Count));
        try
        {
            return new ArraySegment<byte>(target, 0, context.Compress(block, target, _level));
        }
        finally
        {
            _contexts.Add(context);
        }
    }

    private static ZstdCompressor NewContext() => ZstdCompressor.TryCreate()
        ?? throw EngineErrors.MissingComponent("libzstd.so.1", "to compress layers with zstd", "libzstd1");
}

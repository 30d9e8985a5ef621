using System.IO.Compression;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Unpacks blobs by their magic bytes: media types of layers are not always true.</summary>
internal static class Decompression
{
    /// <summary>Finds how data that starts like this is compressed.</summary>
    internal static LayerCompression Detect(ReadOnlySpan<byte> start) => start switch
    {
        [0x1f, 0x8b, 0x08, ..] => LayerCompression.Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => LayerCompression.Zstd,
        // A skippable frame may come first.
        [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] => LayerCompression.Zstd,
        [(byte)'B', (byte)'Z', (byte)'h', ..] => LayerCompression.Bzip2,
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => LayerCompression.Xz,
        _ => LayerCompression.None,
    };

    /// <summary>Opens the plain data; the compressed stream stays the caller's.</summary>
    /// <exception cref="ContainerEngineException">Unsupported compression, or no libzstd on this host.</exception>
    internal static Stream Open(BlockPipeStream source, LayerCompression compression, string what) => compression switch
    {
        LayerCompression.None => source,
        LayerCompression.Gzip => new GZipStream(source, CompressionMode.Decompress, leaveOpen: true),
        LayerCompression.Zstd => new ZstdStream(source, Zstd.TryCreate()
            ?? throw EngineErrors.MissingComponent("libzstd.so.1", $"to unpack {what}", "libzstd1")),
        _ => throw EngineErrors.Unsupported($"{what} is compressed with {compression.ToString().ToLowerInvariant()}", what,
            "pack it with gzip or zstd"),
    };
}

/// <summary>Decompresses zstd out of a pipe, straight from its blocks.</summary>
internal sealed class ZstdStream(BlockPipeStream source, Zstd zstd) : OneWayStream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var input = source.Peek();
            if (input.IsEmpty && zstd.IsAtFrameEnd)
            {
                return 0;
            }
            var count = zstd.Decompress(input, buffer, out var consumed);
            source.Advance(consumed);
            if (count > 0)
            {
                return count;
            }
            if (input.IsEmpty)
            {
                throw new InvalidDataException("zstd: the data ends in the middle of a frame");
            }
        }
        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        zstd.Dispose();
        base.Dispose(disposing);
    }
}

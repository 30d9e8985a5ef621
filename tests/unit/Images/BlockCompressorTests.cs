using System.Buffers;
using System.IO.Compression;
using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Engine.Storage;

namespace Podsharp.UnitTests.Images;

public sealed class BlockCompressorTests
{
    private const int Size = 1024 * 1024;

    // A fixed seed: the same data in each run.
    private static byte[] Random() => RandomBytes(1);

    private static byte[] RandomBytes(int seed)
    {
        var data = new byte[Size];
        new Random(seed).NextBytes(data);
        return data;
    }

    public static TheoryData<string, byte[], double> Pieces() => new()
    {
        { "text", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("the quick brown fox\n", Size / 20))), 0.02 },
        { "random", Random(), 1.01 },
        // Four bits of each eight.
        { "hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Random())[..Size]), 0.52 },
        // No symbol is rarer than another, but all stands there twice.
        { "repeated", [.. Enumerable.Range(0, 64).SelectMany(i => RandomBytes(i)[..8192] is var part ? part.Concat(part) : [])], 0.52 },
        { "small", "some words"u8.ToArray(), 5 },
        { "nothing", [], 100 },
    };

    [Theory]
    [MemberData(nameof(Pieces))]
    public void A_piece_comes_back_and_is_small(string kind, byte[] piece, double ratio)
    {
        using var compressor = BlockCompressor.Create(LayerCompression.Gzip, null);
        var rented = ArrayPool<byte>.Shared.Rent(piece.Length);
        piece.CopyTo(rented, 0);
        var packed = compressor.Compress(new ArraySegment<byte>(rented, 0, piece.Length));
        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed.Array!, packed.Offset, packed.Count), CompressionMode.Decompress))
        {
            gzip.CopyTo(plain);
        }
        Assert.True(plain.ToArray().AsSpan().SequenceEqual(piece), kind);
        Assert.InRange(packed.Count, 0, Math.Max(1, piece.Length) * ratio);
    }
}

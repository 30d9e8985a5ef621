using System.IO.Compression;
using Podsharp.Engine.Images;

namespace Podsharp.UnitTests.Images;

public class BlockPipeTests
{
    private static byte[] Data(int size)
    {
        var data = new byte[size];
        new Random(size).NextBytes(data.AsSpan(0, size / 2));
        return data;
    }

    private static byte[] Gzip(byte[] data)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }
        return target.ToArray();
    }

    /// <summary>Sends bytes through a pipe in pieces and decompresses them.</summary>
    private static async Task<byte[]> Through(byte[] blob, int piece = 1000)
    {
        using var pipe = new BlockPipe(3, CancellationToken.None);
        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < blob.Length; i += piece)
            {
                var count = Math.Min(piece, blob.Length - i);
                var block = BlockPipe.Rent();
                blob.AsSpan(i, count).CopyTo(block);
                await pipe.WriteAsync(block, count);
            }
            pipe.Complete();
        });
        using var source = new BlockPipeStream(pipe);
        var compression = Decompression.Detect(source.Peek());
        using var plain = Decompression.Open(source, compression, "a test");
        var result = new MemoryStream();
        await Task.Run(() => plain.CopyTo(result));
        await writer;
        return result.ToArray();
    }

    [Fact]
    public async Task Plain_data_passes_unchanged()
    {
        var data = Data(3_000_000);
        Assert.Equal(data, await Through(data, 100_000));
    }

    [Fact]
    public async Task Gzip_members_follow_each_other()
    {
        var (first, second) = (Data(700_000), Data(5));
        byte[] both = [.. first, .. second];
        byte[] members = [.. Gzip(first), .. Gzip(second)];
        Assert.Equal(both, await Through(members));
    }

    [Fact]
    public async Task Zeros_after_gzip_are_ignored()
    {
        byte[] padded = [.. Gzip(Data(5000)), .. new byte[1024]];
        Assert.Equal(Data(5000), await Through(padded));
    }

    [Fact]
    public async Task A_cut_gzip_gives_no_more_than_was_there()
    {
        // .NET's reader doesn't tell a cut stream from a whole one; digest, DiffID and the tar reader do.
        var data = Data(500_000);
        var result = await Through(Gzip(data)[..^2000]);
        Assert.True(result.Length < data.Length);
        Assert.Equal(data.AsSpan(0, result.Length).ToArray(), result);
    }

    [Fact]
    public async Task An_error_of_the_writer_reaches_the_reader()
    {
        using var pipe = new BlockPipe(1, CancellationToken.None);
        pipe.Complete(new InvalidOperationException("gone"));
        using var source = new BlockPipeStream(pipe);
        var error = await Assert.ThrowsAsync<IOException>(() => Task.Run(() => source.ReadByte()));
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public async Task A_cancelled_reader_wakes()
    {
        using var cancel = new CancellationTokenSource(50);
        using var pipe = new BlockPipe(1, cancel.Token);
        using var source = new BlockPipeStream(pipe);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => source.ReadByte()));
    }

    [Fact]
    public async Task A_cancelled_writer_wakes()
    {
        using var cancel = new CancellationTokenSource(50);
        using var pipe = new BlockPipe(1, cancel.Token);
        await pipe.WriteAsync(BlockPipe.Rent(), 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pipe.WriteAsync(BlockPipe.Rent(), 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => pipe.Write(BlockPipe.Rent(), 1)));
    }

    [Theory]
    [InlineData("28b52ffd00", "Zstd")]
    [InlineData("502a4d1804", "Zstd")]
    [InlineData("1f8b0800", "Gzip")]
    [InlineData("425a6839", "Bzip2")]
    [InlineData("fd377a585a00", "Xz")]
    [InlineData("2e2f", "None")]
    [InlineData("", "None")]
    public void Knows_magic_bytes(string hex, string expected) => Assert.Equal(expected, Decompression.Detect(Convert.FromHexString(hex)).ToString());
}

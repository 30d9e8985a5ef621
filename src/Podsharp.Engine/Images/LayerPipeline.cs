using System.Security.Cryptography;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>A blob as it comes in: fills a buffer, 0 after the last byte.</summary>
internal delegate ValueTask<int> BlobReader(Memory<byte> buffer, CancellationToken cancellationToken);

/// <summary>What went through a pipeline.</summary>
/// <param name="Digest">Digest of the blob as it came.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Compression">How it was compressed.</param>
internal sealed record PipelineResult(ContentDigest Digest, long Size, LayerCompression Compression);

/// <summary>Takes a layer's blob in one pass from its source into the store's staging: digest of the blob, decompression, digest
/// of the tar and files. Download and decompression have a thread each and a few blocks of room between them, whatever the layer's
/// size; the store spreads digest and files over two more.</summary>
internal sealed class LayerPipeline : IDisposable
{
    private const int BlocksInFlight = 8;

    /// <summary>More plain data than this, and more than <see cref="LargestRatio"/> times the blob, is an attack on the disk.</summary>
    private const long SuspiciousSize = 8L * 1024 * 1024 * 1024;
    private const long LargestRatio = 2000;

    private readonly string _what;
    private readonly BlockPipe _compressed;
    private readonly BlockPipe[] _copies;
    private readonly IReadOnlyList<LayerStaging> _targets;
    private readonly StepGroup _steps;
    private LayerCompression _compression;
    private long _received;

    private LayerPipeline(string what, IReadOnlyList<LayerStaging> targets, CancellationToken cancellationToken)
    {
        _what = what;
        _targets = targets;
        _steps = new StepGroup(cancellationToken);
        _compressed = new BlockPipe(BlocksInFlight, _steps.Stopped);
        _copies = [.. targets.Skip(1).Select(_ => new BlockPipe(BlocksInFlight, _steps.Stopped))];
    }

    /// <summary>Runs a blob through.</summary>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="read">The source.</param>
    /// <param name="expected">Digest that the blob must have; null for none.</param>
    /// <param name="targets">Where to unpack it; more than one where an image has the same layer several times.</param>
    /// <param name="progress">Told the bytes received so far.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">DataCorrupt: wrong digest, damaged data. What source and store raise.</exception>
    internal static async Task<PipelineResult> RunAsync(string what, BlobReader read, ContentDigest? expected,
        IReadOnlyList<LayerStaging> targets, Action<long> progress, CancellationToken cancellationToken)
    {
        using var pipeline = new LayerPipeline(what, targets, cancellationToken);
        ContentDigest? digest = null;
        pipeline._steps.Start(async () => digest = await pipeline.ReceiveAsync(read, expected, progress));
        pipeline._steps.StartThread(pipeline.Unpack);
        for (var i = 0; i < pipeline._copies.Length; i++)
        {
            var index = i;
            pipeline._steps.StartThread(() => pipeline.UnpackCopy(index));
        }
        await pipeline._steps.WaitAsync();
        return new PipelineResult(digest ?? pipeline.Check(ContentDigest.Parse(targets[0].Result.DiffId, what), expected), pipeline._received, pipeline._compression);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _compressed.Dispose();
        foreach (var pipe in _copies)
        {
            pipe.Dispose();
        }
        _steps.Dispose();
    }

    /// <summary>Takes the blob in. Without compression it is the tar, whose digest the store makes anyway: null then.</summary>
    private async Task<ContentDigest?> ReceiveAsync(BlobReader read, ContentDigest? expected, Action<long> progress)
    {
        var algorithm = expected ?? new ContentDigest("sha256", "");
        IncrementalHash? hash = null;
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                var block = BlockPipe.Rent();
                var count = await FillAsync(block, read, progress);
                if (isFirst && (algorithm.Algorithm != "sha256" || Decompression.Detect(block.AsSpan(0, count)) != LayerCompression.None))
                {
                    hash = IncrementalHash.CreateHash(algorithm.HashName);
                }
                if (count == 0)
                {
                    BlockPipe.Return(block);
                    break;
                }
                hash?.AppendData(block, 0, count);
                await _compressed.WriteAsync(block, count);
            }
            ContentDigest? actual = hash is null ? null : Check(algorithm with { Hex = Convert.ToHexStringLower(hash.GetHashAndReset()) }, expected);
            _compressed.Complete();
            return actual;
        }
        finally
        {
            hash?.Dispose();
        }
    }

    private ContentDigest Check(ContentDigest actual, ContentDigest? expected) => expected is not { } wanted || wanted == actual ? actual
        : throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch", $"{_what} has the digest {actual} instead of {wanted}",
            wanted.ToString(), "the registry's copy is damaged or was tampered with: pull again, or from another registry");

    private async ValueTask<int> FillAsync(byte[] block, BlobReader read, Action<long> progress)
    {
        var count = 0;
        while (count < BlockPipe.BlockSize)
        {
            var received = await read(block.AsMemory(count, BlockPipe.BlockSize - count), _steps.Stopped);
            if (received == 0)
            {
                break;
            }
            count += received;
            progress(Interlocked.Add(ref _received, received));
        }
        return count;
    }

    /// <summary>Decompresses as the store reads: the store's reading thread is this one.</summary>
    private void Unpack()
    {
        using var source = new BlockPipeStream(_compressed);
        _compression = Decompression.Detect(source.Peek());
        using var plain = Decompression.Open(source, _compression, _what);
        try
        {
            _targets[0].Unpack(new PlainStream(this, plain), _steps.Stopped);
        }
        catch (InvalidDataException error)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "CompressionCorrupt", $"{_what} can't be decompressed: {error.Message}",
                _what, innerException: error);
        }
        // What follows the compressed data belongs to the blob's digest: it has to be let through.
        for (int rest; (rest = source.Peek().Length) > 0;)
        {
            source.Advance(rest);
        }
    }

    private void UnpackCopy(int index)
    {
        using var tar = new BlockPipeStream(_copies[index]);
        _targets[index + 1].Unpack(tar, _steps.Stopped);
    }

    /// <summary>Guards the disk against data that was made to fill it.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="total">Bytes that came out of it.</param>
    /// <param name="received">Bytes that went in.</param>
    /// <exception cref="ContainerEngineException">DecompressionBomb.</exception>
    internal static void CheckRatio(string what, long total, long received)
    {
        if (total > SuspiciousSize && total / LargestRatio > received)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "DecompressionBomb",
                $"{what} unpacks to more than {LargestRatio} times its size", what, "it was made to fill disks; don't use it");
        }
    }

    /// <summary>Hands what was read on to the other targets, and guards the disk.</summary>
    private void Forward(ReadOnlySpan<byte> data, long total)
    {
        CheckRatio(_what, total, Interlocked.Read(ref _received));
        foreach (var pipe in _copies)
        {
            if (data.IsEmpty)
            {
                pipe.Complete();
                continue;
            }
            for (var rest = data; !rest.IsEmpty;)
            {
                var block = BlockPipe.Rent();
                var count = Math.Min(rest.Length, BlockPipe.BlockSize);
                rest[..count].CopyTo(block);
                pipe.Write(block, count);
                rest = rest[count..];
            }
        }
    }

    /// <summary>The plain data on its way into the first target.</summary>
    private sealed class PlainStream(LayerPipeline pipeline, Stream inner) : OneWayStream
    {
        private long _total;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            var count = inner.Read(buffer);
            _total += count;
            pipeline.Forward(buffer[..count], _total);
            return count;
        }
    }
}

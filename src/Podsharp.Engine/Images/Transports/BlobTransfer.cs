using System.Security.Cryptography;
using Podsharp.Engine.Native;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>A blob on its way: as it is, or its content compressed in another way. Whatever goes through has the digest that was promised, or the
/// transfer fails at its end.</summary>
/// <param name="origin">Where it is.</param>
/// <param name="blob">The blob.</param>
/// <param name="key">Decrypts it on its way; null for none.</param>
internal sealed class BlobTransfer(ImageOrigin origin, Descriptor blob, LayerKey? key = null)
{
    private const int BlocksInFlight = 8;

    private readonly ContentDigest _digest = ContentDigest.Parse(blob.Digest, $"the manifest of {origin.Name}");
    private readonly string _what = $"the layer {blob.Digest} of {origin.Name}";
    private long _received;

    /// <summary>How it is really compressed: media types are not always true.</summary>
    internal async Task<LayerCompression> DetectAsync(CancellationToken cancellationToken)
    {
        await using var source = await origin.OpenBlobAsync(blob, cancellationToken);
        var head = new byte[8];
        using var encrypted = Decrypting(source);
        BlobReader open = encrypted is null ? source.Read : encrypted.ReadAsync;
        var count = 0;
        for (int read; count < head.Length && (read = await open(head.AsMemory(count), cancellationToken)) > 0;)
        {
            count += read;
        }
        return Decompression.Detect(head.AsSpan(0, count));
    }

    /// <summary>Hands it on as it is, but for its encryption.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: it has another digest. What source and target raise.</exception>
    internal Task<MadeBlob> PassAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken) => ReadAsync(write, cancellationToken);

    private EncryptedBlob? Decrypting(BlobSource source) => key is null ? null : new EncryptedBlob(source.Read, key, _digest, _what);

    /// <summary>Hands its content on, compressed in another way.</summary>
    /// <param name="diffId">The digest of its tar.</param>
    /// <param name="compression">How it is to be compressed; None for a plain tar.</param>
    /// <param name="level">How hard; null for the usual.</param>
    /// <param name="write">Gets it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">DataCorrupt: the blob or its content has another digest, or can't be unpacked.</exception>
    internal async Task<PackedLayer> RepackAsync(ContentDigest diffId, LayerCompression compression, int? level, BlobWriter write, CancellationToken cancellationToken)
    {
        using var steps = new StepGroup(cancellationToken);
        using var pipe = new BlockPipe(BlocksInFlight, steps.Stopped);
        PackedLayer? packed = null;
        _received = 0;
        steps.Start(async () =>
        {
            await ReadAsync(async (data, _) =>
            {
                var block = BlockPipe.Rent();
                data.CopyTo(block);
                await pipe.WriteAsync(block, data.Length);
            }, steps.Stopped);
            pipe.Complete();
        });
        steps.Start(async () =>
        {
            using var source = new BlockPipeStream(pipe);
            packed = await LayerPacker.RunAsync(() => new PlainStream(this, source), diffId, hash => Check(diffId, hash), compression, level, write, steps.Stopped);
            // What follows the compressed data belongs to the blob's digest: it has to be let through.
            for (int rest; (rest = source.Peek().Length) > 0;)
            {
                source.Advance(rest);
            }
        });
        await steps.WaitAsync();
        return packed!;
    }

    private async Task<MadeBlob> ReadAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(_digest.HashName);
        await using var source = await origin.OpenBlobAsync(blob, cancellationToken);
        using var encrypted = Decrypting(source);
        BlobReader read = encrypted is null ? source.Read : encrypted.ReadAsync;
        var block = BlockPipe.Rent();
        var size = 0L;
        try
        {
            for (int count; (count = await read(block.AsMemory(0, BlockPipe.BlockSize), cancellationToken)) > 0;)
            {
                hash.AppendData(block, 0, count);
                size += count;
                Interlocked.Add(ref _received, count);
                await write(block.AsMemory(0, count), cancellationToken);
            }
        }
        finally
        {
            BlockPipe.Return(block);
        }
        var actual = _digest with { Hex = Convert.ToHexStringLower(hash.GetHashAndReset()) };
        // An encrypted blob has compared the digest itself: this one is its content's.
        return actual == _digest || key is not null ? new MadeBlob(actual, size) : throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch", $"{_what} has the digest {actual} instead", blob.Digest,
            "this copy is damaged or was tampered with: take another source");
    }

    private void Check(ContentDigest diffId, ReadOnlySpan<byte> hash)
    {
        var actual = Convert.ToHexStringLower(hash);
        if (actual != diffId.Hex)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "LayerDigestMismatch",
                $"the content of {_what} has the digest {diffId.Algorithm}:{actual}, but the image's configuration promises {diffId}", blob.Digest,
                "this copy is damaged or was tampered with: take another source");
        }
    }

    /// <summary>The plain data; opened with the first read, since that waits for the source.</summary>
    private sealed class PlainStream(BlobTransfer transfer, BlockPipeStream source) : OneWayStream
    {
        private Stream? _plain;
        private long _total;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            try
            {
                _plain ??= Decompression.Open(source, Decompression.Detect(source.Peek()), transfer._what);
                var count = _plain.Read(buffer);
                _total += count;
                LayerPipeline.CheckRatio(transfer._what, _total, Interlocked.Read(ref transfer._received));
                return count;
            }
            catch (InvalidDataException error)
            {
                throw new ContainerEngineException(ErrorKind.DataCorrupt, "CompressionCorrupt", $"{transfer._what} can't be decompressed: {error.Message}", transfer._what, innerException: error);
            }
        }

        protected override void Dispose(bool disposing)
        {
            // The source stays open: what is left in it is read after us.
            if (_plain is not null && _plain != source)
            {
                _plain.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}

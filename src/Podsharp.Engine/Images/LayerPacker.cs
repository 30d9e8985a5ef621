using System.Buffers;
using System.Security.Cryptography;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Takes bytes of a blob on their way out.</summary>
internal delegate ValueTask BlobWriter(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

/// <summary>What a layer became.</summary>
/// <param name="Digest">The blob's digest.</param>
/// <param name="Size">The blob's bytes.</param>
/// <param name="Compression">How it is compressed.</param>
internal sealed record PackedLayer(ContentDigest Digest, long Size, LayerCompression Compression);

/// <summary>Makes a blob of a layer of the store: rebuilds its tar, compares the digest, compresses if need be, and hands the blob on, in one
/// pass. Reading and hashing have a thread each; pieces are compressed on as many as there are processors.</summary>
/// <remarks>Each piece becomes a member of its own (gzip, RFC 1952 section 2.2) or a frame of its own (zstd, RFC 8878 section 3), as bgzip and
/// eStargz have it. So the same layer gives the same bytes whatever the number of processors, and a transfer that broke off can be made again.</remarks>
internal sealed class LayerPacker : IAsyncDisposable
{
    /// <summary>Bytes of a piece: compresses nearly as well as one stream does, and a few of them bound the memory of a layer in flight.</summary>
    private const int PieceSize = 1024 * 1024;
    private const int BlocksInFlight = 8;

    private readonly Stream _tar;
    private readonly ContentDigest _diffId;
    private readonly Action<byte[]> _check;
    private readonly BlockCompressor? _compressor;
    private readonly StepGroup _steps;
    private readonly BoundedQueue<ArraySegment<byte>> _read;
    private readonly BoundedQueue<Task<ArraySegment<byte>>> _packed;

    private LayerPacker(Stream tar, ContentDigest diffId, Action<byte[]> check, BlockCompressor? compressor, CancellationToken cancellationToken)
    {
        _tar = tar;
        _diffId = diffId;
        _check = check;
        _compressor = compressor;
        _steps = new StepGroup(cancellationToken);
        _read = new(compressor is null ? BlocksInFlight : 2, _steps.Stopped);
        _packed = new(compressor is null ? BlocksInFlight : Environment.ProcessorCount + 1, _steps.Stopped);
    }

    /// <summary>Packs a layer.</summary>
    /// <param name="source">Its image.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="compression">None, Gzip or Zstd.</param>
    /// <param name="level">How hard to compress, in the format's own numbers (gzip 1 to 9, zstd 1 to 20); null for its usual one.</param>
    /// <param name="write">Gets the blob, piece by piece.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">DataCorrupt: the layer has been changed in the store; what was written is worthless then.
    /// MissingComponent: no libzstd.</exception>
    internal static Task<PackedLayer> RunAsync(ImageSource source, SourceLayer layer, LayerCompression compression, int? level, BlobWriter write, CancellationToken cancellationToken) =>
        RunAsync(() => source.OpenUnverified(layer), layer.DiffId, hash => VerifiedTarStream.Check(layer, hash), compression, level, write, cancellationToken);

    /// <summary>Packs a layer from anywhere.</summary>
    /// <param name="open">Opens its tar.</param>
    /// <param name="diffId">The tar's digest.</param>
    /// <param name="check">Compares the digest that the tar was found to have, and throws.</param>
    /// <param name="compression">None, Gzip or Zstd.</param>
    /// <param name="level">How hard to compress; null for the usual.</param>
    /// <param name="write">Gets the blob, piece by piece.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static async Task<PackedLayer> RunAsync(Func<Stream> open, ContentDigest diffId, Action<byte[]> check, LayerCompression compression, int? level, BlobWriter write,
        CancellationToken cancellationToken)
    {
        using var compressor = compression == LayerCompression.None ? null : BlockCompressor.Create(compression, level);
        await using var tar = open();
        await using var packer = new LayerPacker(tar, diffId, check, compressor, cancellationToken);
        PackedLayer? result = null;
        packer._steps.StartThread(packer.ReadTar);
        packer._steps.StartThread(packer.HashTar);
        packer._steps.Start(async () => result = await packer.WriteAsync(compression, write));
        await packer._steps.WaitAsync();
        return result!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_read.TryTakeNow(out var block))
        {
            ArrayPool<byte>.Shared.Return(block.Array!);
        }
        // After a failure: the compressor must not go while blocks are still in it.
        while (_packed.TryTakeNow(out var block))
        {
            await block.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
        _read.Dispose();
        _packed.Dispose();
        _steps.Dispose();
    }

    private void ReadTar()
    {
        var size = _compressor is null ? BlockPipe.BlockSize : PieceSize;
        while (true)
        {
            var block = ArrayPool<byte>.Shared.Rent(size);
            var count = _tar.ReadAtLeast(block.AsSpan(0, size), size, throwOnEndOfStream: false);
            if (count > 0)
            {
                _read.Add(new ArraySegment<byte>(block, 0, count));
            }
            else
            {
                ArrayPool<byte>.Shared.Return(block);
            }
            if (count < size)
            {
                break;
            }
        }
        _read.Complete();
    }

    private void HashTar()
    {
        using var hash = IncrementalHash.CreateHash(_diffId.HashName);
        while (_read.TryTake(out var block))
        {
            hash.AppendData(block);
            _packed.Add(_compressor is null ? Task.FromResult(block) : Task.Run(() => _compressor.Compress(block)));
        }
        _check(hash.GetHashAndReset());
        _packed.Complete();
    }

    private async Task<PackedLayer> WriteAsync(LayerCompression compression, BlobWriter write)
    {
        using var hash = compression == LayerCompression.None ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        while (await _packed.WaitToTakeAsync() && _packed.TryTakeNow(out var packed))
        {
            var block = await packed;
            hash?.AppendData(block);
            await write(block, _steps.Stopped);
            size += block.Count;
            ArrayPool<byte>.Shared.Return(block.Array!);
        }
        var digest = hash is null ? _diffId : new ContentDigest("sha256", Convert.ToHexStringLower(hash.GetHashAndReset()));
        return new PackedLayer(digest, size, compression);
    }
}

using Podsharp.Engine.Images;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Copying;

/// <summary>An archive from outside, plain or compressed with gzip or zstd, as the bytes of a tar. One thread reads it, another consumes it.</summary>
internal sealed class ArchiveInput : ITarInput
{
    private const int BlocksInFlight = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Stream plain;
    private readonly byte[] block = BlockPipe.Rent();
    private int filled;
    private int offset;

    private ArchiveInput(Stream plain) => this.plain = plain;

    /// <summary>Runs a consumer over an archive to the archive's end.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is empty or damaged. What the consumer raises.</exception>
    internal static async Task RunAsync(Stream archive, Action<ITarInput, CancellationToken> consume, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new BlockPipe(BlocksInFlight, stop.Token);
        var filling = FillAsync(archive, pipe, stop.Token);
        try
        {
            await Task.Factory.StartNew(() => Consume(pipe, consume, stop.Token), CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
            await filling;
        }
        catch (IOException error) when (error.InnerException is not null)
        {
            // That the data ended early is the consequence; who reads it has the cause.
            await filling;
            throw;
        }
        finally
        {
            await stop.CancelAsync();
            // A stream whose reads can't be cancelled (a terminal) is left to itself.
            await filling.WaitAsync(Patience, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ = filling.ContinueWith(_ =>
            {
                pipe.Dispose();
                stop.Dispose();
            }, TaskScheduler.Default);
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Take(int maximum)
    {
        if (offset == filled)
        {
            filled = plain.ReadAtLeast(block.AsSpan(0, BlockPipe.BlockSize), BlockPipe.BlockSize, throwOnEndOfStream: false);
            offset = 0;
        }
        var part = block.AsSpan(offset, Math.Min(maximum, filled - offset));
        offset += part.Length;
        return part;
    }

    private static async Task FillAsync(Stream archive, BlockPipe pipe, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var block = BlockPipe.Rent();
                var count = await archive.ReadAtLeastAsync(block.AsMemory(0, BlockPipe.BlockSize), BlockPipe.BlockSize, throwOnEndOfStream: false, cancellationToken);
                if (count > 0)
                    await pipe.WriteAsync(block, count);
                else
                    BlockPipe.Return(block);
                if (count < BlockPipe.BlockSize)
                    break;
            }
            pipe.Complete();
        }
        catch (Exception error)
        {
            pipe.Complete(error);
            throw;
        }
    }

    private static void Consume(BlockPipe pipe, Action<ITarInput, CancellationToken> consume, CancellationToken cancellationToken)
    {
        using var source = new BlockPipeStream(pipe);
        if (source.Peek().IsEmpty)
            throw TarError.Damaged("it is empty");
        using var plain = Decompression.Open(source, Decompression.Detect(source.Peek()), "the archive");
        var input = new ArchiveInput(plain);
        try
        {
            consume(input, cancellationToken);
        }
        catch (InvalidDataException error)
        {
            throw TarError.Damaged($"it can't be decompressed ({error.Message})");
        }
        finally
        {
            BlockPipe.Return(input.block);
        }
        // What follows the compressed data has to be let through, or whoever sends it would wait.
        for (int rest; (rest = source.Peek().Length) > 0;)
            source.Advance(rest);
    }
}

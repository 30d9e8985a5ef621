using System.Buffers;
using System.Threading.Channels;

namespace Podsharp.Orchestration.Images;

/// <summary>A stream to write and one to read what was written, for two tasks that work at the same time. When the reader is behind, the
/// writer waits.</summary>
public sealed class StreamPipe
{
    private const int BlocksInFlight = 8;

    private readonly Channel<Block> blocks = Channel.CreateBounded<Block>(new BoundedChannelOptions(BlocksInFlight) { SingleReader = true, SingleWriter = true });

    /// <summary>Creates a pipe.</summary>
    public StreamPipe()
    {
        Writer = new WritingEnd(blocks.Writer);
        Reader = new ReadingEnd(blocks);
    }

    /// <summary>The end to write to.</summary>
    public Stream Writer { get; }

    /// <summary>The end to read from. Closing it fails the writer.</summary>
    public Stream Reader { get; }

    /// <summary>Says that nothing more comes; with an error, the reader gets it.</summary>
    public void Complete(Exception? error = null) => blocks.Writer.TryComplete(error is null ? null : new IOException("the data ended early", error));

    private sealed record Block(byte[] Bytes, int Count);

    private sealed class WritingEnd(ChannelWriter<Block> blocks) : PipeEnd
    {
        public override bool CanWrite => true;

        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty)
                return;
            var bytes = ArrayPool<byte>.Shared.Rent(buffer.Length);
            buffer.CopyTo(bytes);
            await blocks.WriteAsync(new(bytes, buffer.Length), cancellationToken);
        }
    }

    private sealed class ReadingEnd(Channel<Block> blocks) : PipeEnd
    {
        private Block? block;
        private int offset;

        public override bool CanRead => true;

        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (block is null && await blocks.Reader.WaitToReadAsync(cancellationToken))
                if (blocks.Reader.TryRead(out block))
                    offset = 0;
            if (block is null)
                return 0;
            var count = Math.Min(buffer.Length, block.Count - offset);
            block.Bytes.AsMemory(offset, count).CopyTo(buffer);
            offset += count;
            if (offset == block.Count)
            {
                ArrayPool<byte>.Shared.Return(block.Bytes);
                block = null;
            }
            return count;
        }

        // A writer that waits for room fails at once.
        protected override void Dispose(bool disposing)
        {
            blocks.Writer.TryComplete();
            base.Dispose(disposing);
        }
    }

    private abstract class PipeEnd : Stream
    {
        public override bool CanRead => false;
        public override bool CanWrite => false;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

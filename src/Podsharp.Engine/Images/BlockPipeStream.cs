using Podsharp.Engine.Native;

namespace Podsharp.Engine.Images;

/// <summary>The reading end of a <see cref="BlockPipe"/> as a stream. Reads block the calling thread.</summary>
internal sealed class BlockPipeStream(BlockPipe pipe) : OneWayStream
{
    private ArraySegment<byte> _block;
    private int _offset;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <summary>What is there to be read without copying; empty at the end. Waits for the next block.</summary>
    internal ReadOnlySpan<byte> Peek()
    {
        if (_offset == _block.Count)
        {
            ReturnBlock();
            _block = pipe.Read();
        }
        return _block.AsSpan(_offset);
    }

    /// <summary>Passes over bytes that were looked at.</summary>
    internal void Advance(int count) => _offset += count;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }
        var available = Peek();
        var count = Math.Min(available.Length, buffer.Length);
        available[..count].CopyTo(buffer);
        Advance(count);
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        ReturnBlock();
        base.Dispose(disposing);
    }

    private void ReturnBlock()
    {
        if (_block.Count > 0)
        {
            BlockPipe.Return(_block.Array!);
        }
        (_block, _offset) = (default, 0);
    }
}

using Podsharp.Engine.Native;

namespace Podsharp.Engine.Images;

/// <summary>The writing end of a <see cref="BlockPipe"/> as a stream. Writes block the calling thread while there is no room.</summary>
internal sealed class BlockPipeWriter(BlockPipe pipe) : OneWayStream
{
    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var block = BlockPipe.Rent();
            var count = Math.Min(buffer.Length, BlockPipe.BlockSize);
            buffer[..count].CopyTo(block);
            pipe.Write(block, count);
            buffer = buffer[count..];
        }
    }
}

using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Images.Archives;

/// <summary>The bytes of a tar out of a stream; passes over what isn't wanted without reading it where the stream can seek.</summary>
internal sealed class StreamTarInput(Stream stream) : ITarInput
{
    private readonly byte[] _buffer = new byte[BlockPipe.BlockSize];
    private int _start;
    private int _end;

    /// <summary>Where in the stream the next byte is; for one that can seek.</summary>
    internal long Position => stream.Position - (_end - _start);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Take(int maximum)
    {
        if (_start == _end)
        {
            (_start, _end) = (0, stream.Read(_buffer));
        }
        var part = _buffer.AsSpan(_start, Math.Min(maximum, _end - _start));
        _start += part.Length;
        return part;
    }

    /// <inheritdoc/>
    public bool TrySkip(long count)
    {
        var buffered = Math.Min(count, _end - _start);
        _start += (int)buffered;
        count -= buffered;
        if (!stream.CanSeek)
        {
            return ITarInput.TrySkip(this, count);
        }
        if (count > stream.Length - stream.Position)
        {
            return false;
        }
        stream.Position += count;
        return true;
    }
}

using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Splits what is read of a file into lines.</summary>
internal sealed class LineBuffer
{
    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <summary>How far the file has been read, in bytes.</summary>
    internal long Offset { get; private set; }

    /// <summary>Goes on at an offset, of another file too.</summary>
    internal void BeginAt(long position)
    {
        Offset = position;
        start = end = 0;
    }

    /// <summary>The next complete line without its line end; it is valid until the next <see cref="Fill"/>.</summary>
    /// <returns>False where more must be read first.</returns>
    internal bool TryTake(out ReadOnlyMemory<byte> line)
    {
        var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
        line = newline < 0 ? default : buffer.AsMemory(start, newline);
        start += newline + 1;
        return newline >= 0;
    }

    /// <summary>Reads on.</summary>
    /// <returns>False at the end of the file, for now.</returns>
    internal bool Fill(SafeFileHandle file)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var count = Files.ReadAt(file, buffer.AsSpan(end), Offset);
        Offset += count;
        end += count;
        return count > 0;
    }
}

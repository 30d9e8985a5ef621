using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Reads the lines of a file that others append to, cut, or replace by another of its name.</summary>
internal sealed class GrowingFile(string path) : IDisposable
{
    private FileStatus identity;
    private long offset;
    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <summary>The file that is being read; null before the first read, and while there is none.</summary>
    internal SafeFileHandle? Handle { get; private set; }

    /// <summary>How many times reading began at the start of a file: once, and again after each cut or replacement.</summary>
    internal int Beginnings { get; private set; }

    /// <summary>Opens the file where that has not been done; false where there is none.</summary>
    internal bool TryOpen()
    {
        if (Handle is not null)
            return true;
        if (Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadOnly, 0, out var opened) != Errno.None)
            return false;
        Handle = opened;
        identity = Files.Status(opened!);
        BeginAt(0);
        Beginnings++;
        return true;
    }

    /// <summary>Goes on reading at an offset in bytes.</summary>
    internal void BeginAt(long position)
    {
        offset = position;
        start = end = 0;
    }

    /// <summary>The next complete line without its line end; it is valid until the next call.</summary>
    /// <returns>False at the end, for now.</returns>
    internal bool TryReadLine(out ReadOnlyMemory<byte> line)
    {
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = buffer.AsMemory(start, newline);
                start += newline + 1;
                return true;
            }
            if (!Fill() && !TrySwitch())
            {
                line = default;
                return false;
            }
        }
    }

    private bool Fill()
    {
        if (!TryOpen())
            return false;
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var count = Files.ReadAt(Handle!, buffer.AsSpan(end), offset);
        offset += count;
        end += count;
        return count > 0;
    }

    // At the end of the open file: was it cut, or is the path another file by now? Nothing is appended to the old one after that.
    private bool TrySwitch()
    {
        if (Handle is null || Files.TryStatus(path) is not { } now)
            return false;
        if (now.IsSameFile(identity))
        {
            if (now.Size >= offset)
                return false;
            BeginAt(0);
            Beginnings++;
            return Fill();
        }
        if (Fill())
            return true; // written between our last read and the change
        Dispose();
        return Fill();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Handle?.Dispose();
        Handle = null;
    }
}

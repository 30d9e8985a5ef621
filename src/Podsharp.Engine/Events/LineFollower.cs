using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Events;

/// <summary>Reads the complete lines of a file that others append to, and goes on in its successor when it is rotated: the
/// successor begins with lines of the old one, so reading goes on after the last line that was seen.</summary>
internal sealed class LineFollower(string path) : IDisposable
{
    private SafeFileHandle? file;
    private FileStatus identity;
    private long offset;
    private byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private byte[] last = [];
    private byte[]? resumeAfter;

    /// <summary>The next complete line without its line end; it is valid until the next call.</summary>
    /// <returns>False at the end, for now.</returns>
    internal bool TryReadLine(out ReadOnlyMemory<byte> line)
    {
        while (true)
        {
            if (!TryReadRaw(out line)) return false;
            if (resumeAfter is null) break;
            if (line.Span.SequenceEqual(resumeAfter)) resumeAfter = null;
        }
        last = line.ToArray();
        return true;
    }

    private bool TryReadRaw(out ReadOnlyMemory<byte> line)
    {
        line = default;
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = buffer.AsMemory(start, newline);
                start += newline + 1;
                return true;
            }
            if (!Fill() && !TrySwitch()) return false;
        }
    }

    private bool Fill()
    {
        if (file is null && !TryOpen()) return false;
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var count = Files.ReadAt(file!, buffer.AsSpan(end), offset);
        offset += count;
        end += count;
        return count > 0;
    }

    private bool TryOpen()
    {
        if (Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadOnly, 0, out file) != Errno.None) return false;
        identity = Files.Status(file!);
        offset = 0;
        start = end = 0;
        return true;
    }

    // At the end of the open file: is the path another file by now? Nothing is appended to the old one after that.
    private bool TrySwitch()
    {
        if (file is null || Files.TryStatus(path) is not { } now || now.IsSameFile(identity)) return false;
        if (Fill()) return true; // written between our last read and the change
        file.Dispose();
        if (!TryOpen()) return false;
        resumeAfter = last.Length > 0 && Contains(last) ? last : null;
        return true;
    }

    private bool Contains(byte[] line)
    {
        var content = Files.TryReadAll(path) ?? [];
        return content.AsSpan().IndexOf([.. line, (byte)'\n']) >= 0;
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();
}

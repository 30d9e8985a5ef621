using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Reads the lines of a file that others append to, cut, or replace by another of its name.</summary>
internal sealed class GrowingFile(string path) : IDisposable
{
    private readonly LineBuffer lines = new();
    private SafeFileHandle? file;
    private FileStatus identity;

    /// <summary>How many times reading began at the start of a file: once, and again after each cut or replacement.</summary>
    internal int Beginnings { get; private set; }

    /// <summary>The next complete line without its line end; it is valid until the next call.</summary>
    /// <returns>False at the end, for now.</returns>
    internal bool TryReadLine(out ReadOnlyMemory<byte> line)
    {
        while (!lines.TryTake(out line))
        {
            if (!Fill() && !TrySwitch())
                return false;
        }
        return true;
    }

    private bool TryOpen()
    {
        if (file is not null)
            return true;
        if (Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadOnly, 0, out var opened) != Errno.None)
            return false;
        file = opened;
        identity = Files.Status(opened!);
        lines.BeginAt(0);
        Beginnings++;
        return true;
    }

    private bool Fill() => TryOpen() && lines.Fill(file!);

    // At the end of the open file: was it cut, or is the path another file by now? Nothing is appended to the old one after that.
    private bool TrySwitch()
    {
        if (file is null || Files.TryStatus(path) is not { } now)
            return false;
        if (now.IsSameFile(identity))
        {
            if (now.Size >= lines.Offset)
                return false;
            lines.BeginAt(0);
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
        file?.Dispose();
        file = null;
    }
}

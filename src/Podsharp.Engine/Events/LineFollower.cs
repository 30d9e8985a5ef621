using Podsharp.Engine.Native;

namespace Podsharp.Engine.Events;

/// <summary>Reads the lines of a file that is rotated: its successor begins with lines of the old one, so reading goes on after the last
/// line that was seen.</summary>
internal sealed class LineFollower(string path) : IDisposable
{
    private readonly GrowingFile file = new(path);
    private int beginnings;
    private byte[] last = [];
    private byte[]? resumeAfter;

    /// <summary>The next complete line without its line end; it is valid until the next call.</summary>
    /// <returns>False at the end, for now.</returns>
    internal bool TryReadLine(out ReadOnlyMemory<byte> line)
    {
        while (file.TryReadLine(out line))
        {
            if (beginnings != file.Beginnings)
            {
                beginnings = file.Beginnings;
                resumeAfter = last.Length > 0 && Contains(last) ? last : null;
            }
            if (resumeAfter is null)
            {
                last = line.ToArray();
                return true;
            }
            if (line.Span.SequenceEqual(resumeAfter))
                resumeAfter = null;
        }
        return false;
    }

    /// <summary>Passes over what is there now.</summary>
    internal void SkipToEnd()
    {
        while (TryReadLine(out _))
        {
        }
    }

    private bool Contains(byte[] line)
    {
        var content = Files.TryReadAll(path) ?? [];
        return content.AsSpan().IndexOf([.. line, (byte)'\n']) >= 0;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}

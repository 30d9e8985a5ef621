using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>A log file being read forwards. A log that reached its size limit is replaced by an empty one, or cut in place: reading then
/// begins anew.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private readonly GrowingFile file = new(path);

    /// <summary>The last lines where the query wants some only; reading then goes on behind them.</summary>
    internal IReadOnlyList<LogLine> Begin(LogQuery query)
    {
        if (query.Tail is null || !file.TryOpen()) return [];
        var size = LastLineEnd(Files.Status(file.Handle!).Size);
        file.BeginAt(size);
        return LogTail.Read(file.Handle!, size, query);
    }

    /// <summary>The next complete line; it is valid until the next call.</summary>
    internal bool TryReadLine(out LogLine line)
    {
        while (file.TryReadLine(out var raw))
        {
            if (LogLine.TryParse(raw, out line)) return true;
        }
        line = default;
        return false;
    }

    // conmon writes lines in one go, but a reader can come in between: the tail is taken of whole lines only.
    private long LastLineEnd(long size)
    {
        var block = new byte[32 * 1024];
        while (size > 0)
        {
            var length = (int)Math.Min(block.Length, size);
            var count = Files.ReadAt(file.Handle!, block.AsSpan(0, length), size - length);
            var at = block.AsSpan(0, count).LastIndexOf((byte)'\n');
            if (at >= 0) return size - length + at + 1;
            size -= length;
        }
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}

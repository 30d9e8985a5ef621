using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>A log in files (k8s-file) being read forwards. A log that reached its size limit is set aside for a new one, replaced by an empty one,
/// or cut in place: reading goes on with what came after.</summary>
internal sealed class LogFile(string path) : ILogSource
{
    private readonly LineBuffer lines = new();
    private readonly Queue<SafeFileHandle> ahead = new();
    private SafeFileHandle? file;

    /// <inheritdoc/>
    public IReadOnlyList<LogLine> Begin(LogQuery query)
    {
        var files = LogFiles.Open(path);
        if (query.Tail is null || files.Count == 0)
        {
            files.ForEach(ahead.Enqueue);
            return [];
        }
        file = files[^1];
        var size = LastLineEnd(file, Files.Status(file).Size);
        lines.BeginAt(size);
        try
        {
            return LogTail.Read(Enumerable.Reverse(files).SelectMany(part => LogTail.Backwards(part, part == file ? size : Files.Status(part).Size)), query);
        }
        finally
        {
            files.RemoveAt(files.Count - 1);
            files.ForEach(part => part.Dispose());
        }
    }

    /// <inheritdoc/>
    public bool TryReadLine(out LogLine line)
    {
        while (file is not null || TryNext())
        {
            if (lines.TryTake(out var raw))
            {
                if (LogLine.TryParse(raw, out line))
                    return true;
            }
            else if (!lines.Fill(file!) && !TryNext())
            {
                break;
            }
        }
        line = default;
        return false;
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    // At the end of a file: is there one after it, or was it cut?
    private bool TryNext()
    {
        if (ahead.Count == 0 && !Look())
            return false;
        if (ahead.TryDequeue(out var next))
        {
            file?.Dispose();
            file = next;
            lines.BeginAt(0);
        }
        return true;
    }

    private bool Look()
    {
        if (file is null)
        {
            LogFiles.Open(path).ForEach(ahead.Enqueue);
            return ahead.Count > 0;
        }
        // In the midst of a change there is no file of this name.
        if (Files.TryStatus(path) is not { } now)
            return false;
        var current = Files.Status(file);
        if (now.IsSameFile(current))
        {
            if (now.Size >= lines.Offset)
                return false;
            lines.BeginAt(0);
            return true;
        }
        // Nothing is appended to it any more; what was written between our last read and the change comes first.
        if (lines.Fill(file))
            return true;
        LogFiles.Open(path, current).ForEach(ahead.Enqueue);
        return ahead.Count > 0;
    }

    // conmon writes lines in one go, but a reader can come in between: the tail is taken of whole lines only.
    private static long LastLineEnd(SafeFileHandle file, long size)
    {
        var block = new byte[32 * 1024];
        while (size > 0)
        {
            var length = (int)Math.Min(block.Length, size);
            var count = Files.ReadAt(file, block.AsSpan(0, length), size - length);
            var at = block.AsSpan(0, count).LastIndexOf((byte)'\n');
            if (at >= 0)
                return size - length + at + 1;
            size -= length;
        }
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file?.Dispose();
        file = null;
        while (ahead.TryDequeue(out var part))
            part.Dispose();
    }
}

using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>Reads a container's log file as conmon writes it (k8s-file), also while it grows, is cut or replaced.</summary>
internal static class ContainerLogReader
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads the log. The entries don't name the container.</summary>
    /// <param name="path">The log file; a missing one is an empty log.</param>
    /// <param name="query">Which lines.</param>
    /// <param name="isWriting">Whether more may be written; asked now and then while following. Null: nothing more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async IAsyncEnumerable<ContainerLogEntry> ReadAsync(string path, LogQuery query, Func<bool>? isWriting,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var assembler = new LogAssembler(query);
        using var file = new LogFile(path);
        foreach (var line in file.Begin(query))
        {
            if (assembler.Add(line) is { } entry) yield return entry;
        }
        var idle = 0;
        while (true)
        {
            // Asked before reading: what it wrote before its end is then surely in the file.
            var ended = !query.Follow || isWriting is null || !isWriting() || query.Until < DateTimeOffset.UtcNow;
            var got = false;
            while (file.TryReadLine(out var line))
            {
                cancellationToken.ThrowIfCancellationRequested();
                got = true;
                if (assembler.Add(line) is { } entry) yield return entry;
            }
            // A prompt has no line end: whoever follows wants to see it all the same.
            idle = got ? 0 : idle + 1;
            if (ended || idle == 2)
            {
                foreach (var entry in assembler.Flush()) yield return entry;
            }
            if (ended) yield break;
            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}

/// <summary>A log file being read forwards.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private SafeFileHandle? file;
    private FileStatus identity;
    private long offset;
    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <summary>The last lines where the query wants some only; reading then goes on behind them.</summary>
    internal IReadOnlyList<LogLine> Begin(LogQuery query)
    {
        if (query.Tail is null || !TryOpen()) return [];
        var size = LastLineEnd(Files.Status(file!).Size);
        offset = size;
        return LogTail.Read(file!, size, query);
    }

    /// <summary>The next complete line; it is valid until the next call.</summary>
    internal bool TryReadLine(out LogLine line)
    {
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var raw = buffer.AsMemory(start, newline);
                start += newline + 1;
                if (LogLine.TryParse(raw, out line)) return true;
            }
            else if (!Fill() && !TrySwitch())
            {
                line = default;
                return false;
            }
        }
    }

    // conmon writes lines in one go, but a reader can come in between: the tail is taken of whole lines only.
    private long LastLineEnd(long size)
    {
        var block = new byte[32 * 1024];
        while (size > 0)
        {
            var length = (int)Math.Min(block.Length, size);
            var count = Files.ReadAt(file!, block.AsSpan(0, length), size - length);
            var at = block.AsSpan(0, count).LastIndexOf((byte)'\n');
            if (at >= 0) return size - length + at + 1;
            size -= length;
        }
        return 0;
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
        if (file is not null) return true;
        if (Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadOnly, 0, out file) != Errno.None) return false;
        identity = Files.Status(file!);
        offset = 0;
        start = end = 0;
        return true;
    }

    // At the end: a log that reached its size limit is replaced by an empty one (or was cut in place); both begin anew.
    private bool TrySwitch()
    {
        if (file is null || Files.TryStatus(path) is not { } now) return false;
        if (now.IsSameFile(identity))
        {
            if (now.Size >= offset) return false;
            offset = 0;
            start = end = 0;
            return Fill();
        }
        if (Fill()) return true; // written between our last read and the change
        file.Dispose();
        file = null;
        return Fill();
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();
}

using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>Finds where the last lines of a log begin, reading from its end in blocks: a log can be larger than the memory.</summary>
internal static class LogTail
{
    private const int Block = 64 * 1024;

    // How much further to look for the beginning of a line whose pieces are mixed with the other stream's.
    private const int MaximumLookBehind = 256 * 1024;

    /// <summary>The last lines.</summary>
    /// <param name="backwards">The lines of a log, last first.</param>
    /// <param name="query">Which lines count, and how many.</param>
    /// <returns>The lines in their order, pieces included.</returns>
    internal static List<LogLine> Read(IEnumerable<LogLine> backwards, LogQuery query)
    {
        var wanted = query.Tail ?? int.MaxValue;
        var lines = new List<LogLine>();
        if (wanted == 0) return lines;
        int entries = 0, looked = 0;
        var open = new bool[3]; // by stream: its earliest line so far may go on further up
        var seen = new bool[3];
        foreach (var line in backwards)
        {
            if (entries == wanted && ((looked += line.Text.Length) > MaximumLookBehind || !(open[1] || open[2]))) break;
            if (query.Since is { } since && line.Time < since && !(open[1] || open[2])) break;
            if (!LogAssembler.Wanted(query, line)) continue;
            var stream = (int)line.Stream;
            var isEnd = !line.Partial || !seen[stream]; // the end of a line, going upwards: F, or a P that nothing follows
            if (isEnd)
            {
                open[stream] = false;
                if (entries == wanted) continue;
                entries++;
                open[stream] = true;
            }
            else if (!open[stream])
            {
                continue; // a piece of a line that is not wanted any more
            }
            seen[stream] = true;
            lines.Add(line);
        }
        lines.Reverse();
        return lines;
    }

    /// <summary>The complete lines of a file, last first.</summary>
    /// <param name="file">A file of a log.</param>
    /// <param name="size">Where its end is taken to be.</param>
    internal static IEnumerable<LogLine> Backwards(SafeFileHandle file, long size)
    {
        foreach (var raw in RawBackwards(file, size))
        {
            if (LogLine.TryParse(raw, out var line)) yield return line;
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> RawBackwards(SafeFileHandle file, long size)
    {
        var rest = Array.Empty<byte>(); // the beginning of what was read so far: a line whose start is further up
        var position = size;
        var first = true;
        while (position > 0)
        {
            var length = (int)Math.Min(Block, position);
            position -= length;
            var block = new byte[length + rest.Length];
            for (var done = 0; done < length;)
            {
                var count = Files.ReadAt(file, block.AsSpan(done, length - done), position + done);
                if (count == 0) yield break; // cut short meanwhile
                done += count;
            }
            rest.CopyTo(block.AsSpan(length));
            var end = block.Length;
            if (first)
            {
                // What follows the last line end is a line that is being written.
                end = block.AsSpan().LastIndexOf((byte)'\n');
                if (end < 0)
                {
                    rest = block;
                    continue;
                }
                first = false;
            }
            for (int at; (at = block.AsSpan(0, end).LastIndexOf((byte)'\n')) >= 0; end = at) yield return block.AsMemory(at + 1, end - at - 1);
            rest = block[..end];
        }
        if (rest.Length > 0 && !first) yield return rest;
    }
}

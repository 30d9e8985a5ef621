using System.Buffers;
using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>Joins the pieces of each stream to whole lines, and drops what was not asked for.</summary>
/// <param name="query">What is wanted.</param>
internal sealed class LogAssembler(LogQuery query)
{
    // A line without end must not fill the memory: it is handed on in parts.
    private const int MaximumJoined = 1 << 20;

    private readonly Pending output = new();
    private readonly Pending error = new();

    /// <summary>Takes a line of the file.</summary>
    /// <returns>A complete entry; null where more pieces are to come or it isn't wanted.</returns>
    internal ContainerLogEntry? Add(in LogLine line)
    {
        if (!Wanted(query, line)) return null;
        var pending = line.Stream == OutputStream.Output ? output : error;
        if (!line.Partial && pending.Bytes.WrittenCount == 0) return Entry(line.Time, line.Stream, line.Text.Span, partial: false);
        if (pending.Bytes.WrittenCount == 0) pending.Time = line.Time;
        pending.Bytes.Write(line.Text.Span);
        pending.Open = true;
        return !line.Partial || pending.Bytes.WrittenCount >= MaximumJoined ? Take(pending, line.Stream, line.Partial) : null;
    }

    /// <summary>Hands on what has no line end, as at the end of a log or when a follower has waited.</summary>
    internal IEnumerable<ContainerLogEntry> Flush()
    {
        if (output.Open) yield return Take(output, OutputStream.Output, partial: true);
        if (error.Open) yield return Take(error, OutputStream.Error, partial: true);
    }

    /// <summary>Whether the query wants a line.</summary>
    internal static bool Wanted(LogQuery query, in LogLine line) => (line.Stream == OutputStream.Output ? query.Output : query.Error)
        && (query.Since is not { } since || line.Time >= since) && (query.Until is not { } until || line.Time <= until);

    private static ContainerLogEntry Take(Pending pending, OutputStream stream, bool partial)
    {
        var entry = Entry(pending.Time, stream, pending.Bytes.WrittenSpan, partial);
        pending.Bytes.ResetWrittenCount();
        pending.Open = false;
        return entry;
    }

    private static ContainerLogEntry Entry(DateTimeOffset time, OutputStream stream, ReadOnlySpan<byte> text, bool partial) => new()
    {
        Time = time,
        Stream = stream,
        Text = Encoding.UTF8.GetString(text),
        Partial = partial,
    };

    private sealed class Pending
    {
        internal ArrayBufferWriter<byte> Bytes { get; } = new(256);
        internal DateTimeOffset Time { get; set; }
        internal bool Open { get; set; }
    }
}

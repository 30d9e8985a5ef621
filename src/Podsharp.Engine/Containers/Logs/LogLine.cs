using System.Buffers.Text;
using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>One line of conmon's k8s-file format: <c>TIME stdout|stderr F|P TEXT</c>. P: the line goes on in the next one of its stream.</summary>
/// <param name="Time">When conmon read it.</param>
/// <param name="Stream">Where it was written to.</param>
/// <param name="Partial">P.</param>
/// <param name="Text">The rest, without line end.</param>
internal readonly record struct LogLine(DateTimeOffset Time, OutputStream Stream, bool Partial, ReadOnlyMemory<byte> Text)
{
    /// <summary>Reads a line without its line end.</summary>
    /// <returns>False for what is no such line, as the first one after a cut.</returns>
    internal static bool TryParse(ReadOnlyMemory<byte> line, out LogLine result)
    {
        result = default;
        var span = line.Span;
        var space = span.IndexOf((byte)' ');
        if (space < 20 || span.Length < space + 10 || span[space + 7] != ' ' || span[space + 9] != ' ') return false;
        if (!TryParseTime(span[..space], out var time)) return false;
        var stream = span.Slice(space + 1, 6);
        OutputStream from;
        if (stream.SequenceEqual("stdout"u8)) from = OutputStream.Output;
        else if (stream.SequenceEqual("stderr"u8)) from = OutputStream.Error;
        else return false;
        if (span[space + 8] is not ((byte)'F' or (byte)'P')) return false;
        result = new LogLine(time, from, span[space + 8] == 'P', line[(space + 10)..]);
        return true;
    }

    // 2026-11-22T01:32:11.779808264+00:00: by hand, since logs have millions of lines and .NET reads seven digits only.
    private static bool TryParseTime(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (!Number(text, 0, 4, out var year) || !Number(text, 5, 2, out var month) || !Number(text, 8, 2, out var day)
            || !Number(text, 11, 2, out var hour) || !Number(text, 14, 2, out var minute) || !Number(text, 17, 2, out var second))
            return false;
        var at = 19;
        long ticks = 0;
        if (at < text.Length && text[at] == '.')
        {
            var unit = TimeSpan.TicksPerSecond / 10;
            for (at++; at < text.Length && char.IsAsciiDigit((char)text[at]); at++, unit /= 10) ticks += (text[at] - '0') * unit;
        }
        if (!TryParseZone(text[at..], out var zone)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60) return false;
        time = new DateTimeOffset(new DateTime(year, month, day, hour, minute, Math.Min(second, 59)).AddTicks(ticks), zone);
        return true;
    }

    private static bool TryParseZone(ReadOnlySpan<byte> text, out TimeSpan zone)
    {
        zone = TimeSpan.Zero;
        if (text.SequenceEqual("Z"u8)) return true;
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || !Number(text, 1, 2, out var hours) || !Number(text, 4, 2, out var minutes) || hours > 14 || minutes > 59)
            return false;
        zone = new TimeSpan(hours, minutes, 0);
        if (text[0] == '-') zone = -zone;
        return zone <= TimeSpan.FromHours(14) && zone >= TimeSpan.FromHours(-14);
    }

    private static bool Number(ReadOnlySpan<byte> text, int at, int length, out int number)
    {
        number = 0;
        return text.Length >= at + length && Utf8Parser.TryParse(text.Slice(at, length), out number, out var used) && used == length && number >= 0;
    }

    /// <summary>The line as conmon writes it, for tests and fixtures.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Time:yyyy-MM-dd'T'HH:mm:ss.fffffff}00{Time:zzz} {(Stream == OutputStream.Output ? "stdout" : "stderr")} {(Partial ? 'P' : 'F')} {System.Text.Encoding.UTF8.GetString(Text.Span)}");
}

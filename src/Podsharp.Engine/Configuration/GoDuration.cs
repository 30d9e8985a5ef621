using System.Globalization;

namespace Podsharp.Engine.Configuration;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>500ms</c>, <c>2.5s</c>.</summary>
internal static class GoDuration
{
    /// <summary>Parses a duration; false for anything else.</summary>
    internal static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        rest = rest.TrimStart("+-");
        if (rest.IsEmpty)
        {
            return false;
        }
        var ticks = 0.0;
        while (!rest.IsEmpty && !(ticks == 0 && rest is "0"))
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }
            rest = rest[digits..];
            var end = rest.IndexOfAny("0123456789.");
            var unit = TicksOf(end < 0 ? rest : rest[..end]);
            if (unit == 0)
            {
                return false;
            }
            ticks += number * unit;
            rest = end < 0 ? default : rest[end..];
        }
        duration = TimeSpan.FromTicks((long)Math.Min(ticks, long.MaxValue / 2) * (negative ? -1 : 1));
        return true;
    }

    private static double TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01,
        "us" or "µs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => 0,
    };
}

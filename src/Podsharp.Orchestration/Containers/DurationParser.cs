using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads durations as Go writes them and points in time as <c>--since</c> and <c>--until</c> take them.</summary>
public static class DurationParser
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HHK", "yyyy-MM-ddK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mmK",
    ];

    /// <summary>Reads a duration: <c>10m</c>, <c>1h30m</c>, <c>1.5s</c>, <c>300ms</c>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var i = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        if (text.Length == i)
            return false;
        var ticks = 0.0;
        if (text[i..] != "0")
        {
            while (i < text.Length)
            {
                var start = i;
                while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.'))
                    i++;
                var unit = i;
                while (i < text.Length && !char.IsAsciiDigit(text[i]) && text[i] != '.')
                    i++;
                if (!double.TryParse(text.AsSpan(start, unit - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                    || UnitTicks(text[unit..i]) is not { } scale)
                    return false;
                ticks += number * scale;
            }
        }
        if (ticks > TimeSpan.MaxValue.Ticks)
            return false;
        duration = TimeSpan.FromTicks((long)Math.Round(text[0] == '-' ? -ticks : ticks));
        return true;
    }

    /// <summary>Reads a duration; a bare number is seconds.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static TimeSpan Parse(string text, string option)
    {
        if (TryParse(text, out var duration))
            return duration;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
            : throw EngineErrors.InvalidArgument($"invalid duration \"{text}\" for {option}", text, "write it as 10s, 5m or 1h30m");
    }

    /// <summary>Reads a point in time: a duration counted from now, seconds since 1970, or a date and time (local where no zone is given).</summary>
    /// <param name="text">The text.</param>
    /// <param name="now">The present.</param>
    /// <param name="past">Whether a duration counts back from now.</param>
    /// <param name="option">What it is for, named in the error.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static DateTimeOffset ParseTime(string text, DateTimeOffset now, bool past, string option)
    {
        if (DateTimeOffset.TryParseExact(Cut(text), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time))
            return time;
        if (text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '.')
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 250_000_000_000m)
            return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        if (TryParse(text, out var duration))
            return past ? now - duration : now + duration;
        throw EngineErrors.InvalidArgument($"invalid time \"{text}\" for {option}", text,
            "write a duration (10m), a date and time (2026-01-31T12:00:00Z) or seconds since 1970");
    }

    /// <summary>Cuts a fraction of seconds to the seven digits that .NET keeps.</summary>
    private static string Cut(string text)
    {
        var point = text.IndexOf('.');
        if (point < 0)
            return text;
        var end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end - point > 8 ? text[..(point + 8)] + text[end..] : text;
    }

    private static double? UnitTicks(string unit) => unit switch
    {
        "ns" => 0.01,
        "us" or "µs" or "μs" => 10,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}

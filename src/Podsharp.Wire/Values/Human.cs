using System.Globalization;

namespace Podsharp.Wire.Values;

/// <summary>Durations and sizes in the words that docker and podman print.</summary>
public static class Human
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A rough duration: <c>5 seconds</c>, <c>About a minute</c>, <c>3 weeks</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var minutes = (long)duration.TotalMinutes;
        var hours = (long)(duration.TotalHours + 0.5);
        return seconds switch
        {
            < 1 => "Less than a second",
            1 => "1 second",
            < 60 => $"{seconds} seconds",
            _ when minutes == 1 => "About a minute",
            _ when minutes < 60 => $"{minutes} minutes",
            _ when hours == 1 => "About an hour",
            _ when hours < 48 => $"{hours} hours",
            _ when hours < 24 * 7 * 2 => $"{hours / 24} days",
            _ when hours < 24 * 30 * 2 => $"{hours / 24 / 7} weeks",
            _ when hours < 24 * 365 * 2 => $"{hours / 24 / 30} months",
            _ => $"{(long)duration.TotalDays / 365} years",
        };
    }

    /// <summary>How long ago: <c>5 seconds ago</c>.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now) => Duration(now - time) + " ago";

    /// <summary>A size in powers of 1000: <c>11.4kB</c>.</summary>
    /// <param name="bytes">Bytes.</param>
    /// <param name="digits">Significant digits.</param>
    /// <param name="blank">What stands before the unit.</param>
    public static string Size(double bytes, int digits = 4, string blank = "")
    {
        var unit = 0;
        while (bytes >= 1000 && unit < Units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }
        var decimals = Math.Max(0, digits - (bytes >= 100 ? 3 : bytes >= 10 ? 2 : 1));
        var text = Math.Round(bytes, decimals, MidpointRounding.ToEven).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);
        return text + blank + Units[unit];
    }

    /// <summary>A duration as Go prints it: <c>2.187239ms</c>, <c>1m30.5s</c>, <c>1h0m0s</c>.</summary>
    public static string GoDuration(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var sign = duration < TimeSpan.Zero ? "-" : "";
        var time = duration.Duration();
        if (time.TotalSeconds < 1)
        {
            var (scale, unit) = time.TotalMilliseconds >= 1 ? (TimeSpan.TicksPerMillisecond, "ms") : (TimeSpan.TicksPerMicrosecond, "µs");
            return time.Ticks < TimeSpan.TicksPerMicrosecond ? $"{sign}{time.Ticks * 100}ns"
                : sign + (time.Ticks / (decimal)scale).ToString("0.######", CultureInfo.InvariantCulture) + unit;
        }
        var hours = (long)time.TotalHours;
        var seconds = (time.Ticks % TimeSpan.TicksPerMinute / (decimal)TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture);
        var text = hours > 0 ? $"{hours}h{time.Minutes}m{seconds}s" : time.Minutes > 0 ? $"{time.Minutes}m{seconds}s" : seconds + "s";
        return sign + text;
    }
}

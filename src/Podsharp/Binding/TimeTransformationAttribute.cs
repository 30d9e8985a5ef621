using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>A point in time: a date, or a duration that means so long ago (a TimeSpan, or 10m, 2h30m).</summary>
public sealed class TimeTransformationAttribute : TransformationAttribute
{
    private protected override object? Convert(object? value) => value switch
    {
        DateTime time => new DateTimeOffset(time),
        TimeSpan ago => DateTimeOffset.Now - ago,
        string text => Parse(text),
        int or long => DateTimeOffset.FromUnixTimeSeconds(System.Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        _ => value,
    };

    private static DateTimeOffset Parse(string text)
    {
        if (Duration(text) is { } ago)
            return DateTimeOffset.Now - ago;
        if (DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal, out var time)
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out time))
            return time;
        throw EngineErrors.InvalidArgument($"invalid time \"{text}\"", text,
            "give a date and time, or how long ago: a TimeSpan or for example 10m or 2h30m");
    }

    // Go's notation: numbers, each with a unit.
    private static TimeSpan? Duration(string text)
    {
        var sum = TimeSpan.Zero;
        for (var at = 0; at < text.Length;)
        {
            var digits = at;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
                digits++;
            var unit = digits;
            while (unit < text.Length && char.IsAsciiLetter(text[unit]))
                unit++;
            if (!double.TryParse(text.AsSpan(at, digits - at), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return null;
            var seconds = text[digits..unit] switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, "d" => 86400, _ => 0.0 };
            if (seconds == 0.0)
                return null;
            sum += TimeSpan.FromSeconds(number * seconds);
            at = unit;
        }
        return text.Length == 0 ? null : sum;
    }
}

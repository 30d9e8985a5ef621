using System.Globalization;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Binding;

/// <summary>A point in time: a date, or a duration that means so long ago (a TimeSpan, or 10m, 2h30m).</summary>
internal sealed class TimeTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => DateTimeOffset.UnixEpoch;

    private protected override object? Convert(object? value) => value switch
    {
        DateTime time => new DateTimeOffset(time),
        TimeSpan ago => DateTimeOffset.Now - ago,
        string text when DurationParser.TryParse(text, out var ago) => DateTimeOffset.Now - ago,
        string text when DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal, out var time) => time,
        string text => DurationParser.ParseTime(text, DateTimeOffset.Now, past: true, "a time"),
        int or long => DateTimeOffset.FromUnixTimeSeconds(System.Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        _ => value,
    };
}

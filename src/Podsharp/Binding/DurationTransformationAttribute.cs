using System.Globalization;
using System.Management.Automation;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Binding;

/// <summary>A span of time: a TimeSpan, a number of seconds (PowerShell would take it for ticks), or 10s, 5m, 1h30m.</summary>
internal sealed class DurationTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => TimeSpan.Zero;

    private protected override object? Convert(object? value) => value switch
    {
        null or TimeSpan => value,
        string text when TimeSpan.TryParseExact(text, ["c", "g"], CultureInfo.InvariantCulture, out var span) && text.Contains(':') => span,
        string text => DurationParser.Parse(text, "the time"),
        _ when LanguagePrimitives.TryConvertTo<double>(value, CultureInfo.InvariantCulture, out var seconds) => TimeSpan.FromSeconds(seconds),
        _ => value,
    };
}

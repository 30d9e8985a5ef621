using System.Globalization;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Binding;

/// <summary>A health check's command: a line for the container's shell, or a program and its arguments as an array; None.</summary>
internal sealed class HealthCommandTransformationAttribute : TransformationAttribute
{
    private protected override object? Convert(object? value)
    {
        if (value is null)
            return null;
        string[] words = [.. Flatten(value).Select(word => System.Convert.ToString(word, CultureInfo.InvariantCulture) ?? "")];
        return words switch
        {
            [var line] => HealthParser.Command(line).ToArray(),
            [var form, ..] when form.ToUpperInvariant() is "CMD" or "CMD-SHELL" => [form.ToUpperInvariant(), .. words.Skip(1)],
            [] => words,
            _ => ["CMD", .. words],
        };
    }
}

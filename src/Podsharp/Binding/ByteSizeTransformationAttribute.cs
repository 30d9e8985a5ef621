using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>A number of bytes: a number (512mb is one in PowerShell) or podman's words (512m, 2g, -1).</summary>
public sealed class ByteSizeTransformationAttribute : TransformationAttribute
{
    private protected override object? Convert(object? value) => value is string text ? Parse(text) : value;

    private static long Parse(string text)
    {
        var trimmed = text.Trim();
        var digits = trimmed.TrimEnd('b', 'B', 'i', 'I', 'k', 'K', 'm', 'M', 'g', 'G', 't', 'T', ' ');
        var shift = trimmed[digits.Length..].Trim().ToLowerInvariant() switch
        {
            "" or "b" => 0,
            "k" or "kb" or "kib" => 10,
            "m" or "mb" or "mib" => 20,
            "g" or "gb" or "gib" => 30,
            "t" or "tb" or "tib" => 40,
            _ => -1,
        };
        if (shift < 0 || !double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw EngineErrors.InvalidArgument($"invalid size \"{text}\"", text, "write a number with k, m or g, for example 512m or 512mb");
        return (long)(number * (1L << shift));
    }
}

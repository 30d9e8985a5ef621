using System.Globalization;

namespace Podsharp.Engine.Configuration;

/// <summary>TOML's booleans, integers, floats and dates, which are kept as text.</summary>
internal static class TomlScalar
{
    /// <summary>Reads a word that is no string: true, false, a number or a date. Null for any other.</summary>
    internal static object? Parse(string word) => word switch
    {
        "true" => true,
        "false" => false,
        _ => ParseNumber(word),
    };

    private static object? ParseNumber(string word)
    {
        var digits = word.Replace("_", "", StringComparison.Ordinal);
        if (word.StartsWith('_') || word.EndsWith('_') || word.Contains("__", StringComparison.Ordinal))
        {
            return null;
        }
        if (digits.StartsWith("0x", StringComparison.Ordinal) &&
            long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
        {
            return hex;
        }
        if (digits.StartsWith("0o", StringComparison.Ordinal) || digits.StartsWith("0b", StringComparison.Ordinal))
        {
            return ParseRadix(digits.AsSpan(2), digits[1] == 'o' ? 8 : 2);
        }
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            var first = digits.AsSpan().TrimStart("+-");
            return first.Length > 1 && first[0] == '0' ? null : integer;
        }
        return ParseFloatOrDate(digits);
    }

    private static object? ParseRadix(ReadOnlySpan<char> digits, int radix)
    {
        long value = 0;
        foreach (var digit in digits)
        {
            var number = digit - '0';
            if (number < 0 || number >= radix || value > long.MaxValue / radix - 1)
            {
                return null;
            }
            value = (value * radix) + number;
        }
        return digits.IsEmpty ? null : value;
    }

    private static object? ParseFloatOrDate(string digits)
    {
        switch (digits.TrimStart('+', '-'))
        {
            case "inf":
                return digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan":
                return double.NaN;
        }
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(digits, Style, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }
        var isDate = digits.Length >= 5 && char.IsAsciiDigit(digits[0]) && (digits.Contains(':') || digits.Count(c => c == '-') == 2);
        return isDate ? digits : null;
    }
}

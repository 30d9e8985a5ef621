using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads sizes as docker and podman take them: a number with b, k, m, g, t or p (powers of 1024), also written kb or KiB.</summary>
public static class SizeParser
{
    /// <summary>Reads a size in bytes.</summary>
    /// <param name="text">The size.</param>
    /// <param name="option">What it is for, named in the error (<c>memory</c>).</param>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static long Parse(string text, string option) => TryParse(text, out var bytes) ? bytes
        : throw EngineErrors.InvalidArgument($"invalid value for {option}: invalid size: '{text}'", text,
            "write a number with b, k, m, g or t behind it, for example 512m");

    /// <summary>Reads a size in bytes, or -1 for "unlimited".</summary>
    public static long ParseOrUnlimited(string text, string option) => text == "-1" ? -1 : Parse(text, option);

    /// <summary>Reads a size in bytes.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            digits++;
        if (digits == 0 || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var shift = text[digits..].Trim().ToLowerInvariant() switch
        {
            "" or "b" => 0,
            "k" or "kb" or "kib" => 10,
            "m" or "mb" or "mib" => 20,
            "g" or "gb" or "gib" => 30,
            "t" or "tb" or "tib" => 40,
            "p" or "pb" or "pib" => 50,
            _ => -1,
        };
        var value = number * Math.Pow(2, shift);
        if (shift < 0 || value >= long.MaxValue)
            return false;
        bytes = (long)value;
        return true;
    }
}

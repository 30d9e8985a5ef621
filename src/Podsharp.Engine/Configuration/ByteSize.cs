using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>Sizes as containers.conf and log options write them: a number with an optional unit b, k, m, g or t (powers of 1024).</summary>
internal static class ByteSize
{
    /// <summary>Reads a size in bytes.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static long Parse(string text)
    {
        var digits = text.AsSpan().Trim().TrimEnd("bBiI");
        var shift = digits.Length == 0 ? 0 : char.ToLowerInvariant(digits[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        if (shift > 0)
            digits = digits[..^1];
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= long.MaxValue >> shift
            ? value << shift
            : throw EngineErrors.InvalidArgument($"\"{text}\" is not a size", text, "write a number with an optional unit: 512m, 2g");
    }
}

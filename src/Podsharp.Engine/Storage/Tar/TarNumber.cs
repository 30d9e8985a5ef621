namespace Podsharp.Engine.Storage.Tar;

/// <summary>The numbers of tar headers: octal digits, or GNU's base 256 with the highest bit of the first byte set.</summary>
internal static class TarNumber
{
    /// <summary>A number field of a header.</summary>
    internal static long Parse(ReadOnlySpan<byte> field)
    {
        if (field.Length > 0 && (field[0] & 0x80) != 0)
            return ParseBinary(field);
        field = field.Trim(" \0"u8);
        long value = 0;
        foreach (var digit in field)
        {
            if (digit == 0)
                break;
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
                throw TarError.Damaged("a header field holds no number");
            value = (value << 3) | (long)(digit - '0');
        }
        return value;
    }

    // Two's complement; the marker bit is not part of the number.
    private static long ParseBinary(ReadOnlySpan<byte> field)
    {
        var negative = (field[0] & 0x40) != 0;
        var value = negative ? -1L : 0;
        for (var i = 0; i < field.Length; i++)
        {
            var digit = i == 0 ? (byte)((field[0] & 0x7f) | (negative ? 0x80 : 0)) : field[i];
            if (value > (long.MaxValue >> 8) || value < (long.MinValue >> 8))
                throw TarError.Damaged("a header field holds a number that is too large");
            value = (value << 8) | digit;
        }
        return value;
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>CRC-64/ISO (x^64 + x^4 + x^3 + x + 1, reflected, initial value and final XOR all ones), the check sum of tar-split files.</summary>
/// <remarks>
/// The polynomial is so sparse that no table is needed: multiplying by x^64 modulo it is multiplying by x^4 + x^3 + x + 1, that is,
/// three shifts. In the reflected form a shift to the right multiplies by x; what falls out at the right end is multiplied by
/// the same polynomial again. Eight lanes of 64 bits advance side by side by x^512 = (x^4 + x^3 + x + 1)^8 = x^32 + x^24 + x^8 + 1.
/// </remarks>
internal static class Crc64
{
    private const int LaneBytes = 64;

    /// <summary>The value before any byte.</summary>
    internal const ulong Start = ulong.MaxValue;

    /// <summary>Continues with more bytes.</summary>
    internal static ulong Append(ulong state, ReadOnlySpan<byte> bytes)
    {
        if (Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian && bytes.Length >= LaneBytes * 4)
        {
            var wide = bytes.Length - (bytes.Length % LaneBytes);
            state = AppendLanes(state, MemoryMarshal.Cast<byte, ulong>(bytes[..wide]));
            bytes = bytes[wide..];
        }
        while (bytes.Length >= 8)
        {
            state = Multiply64(state ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var value in bytes)
            state = AppendByte(state, value);
        return state;
    }

    /// <summary>The check sum of the bytes so far.</summary>
    internal static ulong Finish(ulong state) => ~state;

    private static ulong AppendLanes(ulong state, ReadOnlySpan<ulong> words)
    {
        var low = Vector256.Create(words) ^ Vector256.CreateScalar(state);
        var high = Vector256.Create(words[4..]);
        for (words = words[8..]; words.Length >= 8; words = words[8..])
        {
            low = Multiply512(low) ^ Vector256.Create(words);
            high = Multiply512(high) ^ Vector256.Create(words[4..]);
        }
        state = 0;
        for (var lane = 0; lane < 4; lane++)
            state = Multiply64(state ^ low[lane]);
        for (var lane = 0; lane < 4; lane++)
            state = Multiply64(state ^ high[lane]);
        return state;
    }

    private static Vector256<ulong> Multiply512(Vector256<ulong> y)
    {
        var over = (y << 56) ^ (y << 40) ^ (y << 32);
        return y ^ (y >> 8) ^ (y >> 24) ^ (y >> 32) ^ over ^ (over >> 1) ^ (over >> 3) ^ (over >> 4);
    }

    private static ulong Multiply64(ulong y)
    {
        var over = (y << 63) ^ (y << 61) ^ (y << 60);
        return y ^ (y >> 1) ^ (y >> 3) ^ (y >> 4) ^ over ^ (over >> 1) ^ (over >> 3) ^ (over >> 4);
    }

    private static ulong AppendByte(ulong state, byte value)
    {
        state ^= value;
        for (var bit = 0; bit < 8; bit++)
            state = (state >> 1) ^ ((state & 1) == 0 ? 0 : 0xD800_0000_0000_0000ul);
        return state;
    }
}

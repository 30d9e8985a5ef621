using System.Buffers.Binary;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Reads CRIU's statistics images (criu: images/stats.proto, include/magic.h): two magic numbers, a length, a protobuf message. Times are
/// in microseconds.</summary>
internal static class CriuStatistics
{
    private const uint ServiceMagic = 0x55105940;
    private const uint StatisticsMagic = 0x57093306;
    private const int HeaderSize = 12;
    private const int DumpField = 1;
    private const int RestoreField = 2;

    /// <summary>Of a dump; null where there is no such file or it holds something else.</summary>
    internal static CheckpointStatistics? ReadDump(string path) => Read(path, DumpField) is not { } values ? null : new()
    {
        FreezingTime = Time(values, 1),
        FrozenTime = Time(values, 2),
        MemoryDumpTime = Time(values, 3),
        MemoryWriteTime = Time(values, 4),
        PagesScanned = Count(values, 5),
        PagesSkipped = Count(values, 6),
        PagesWritten = Count(values, 7),
    };

    /// <summary>Of a restore; null where there is no such file or it holds something else.</summary>
    internal static RestoreStatistics? ReadRestore(string path) => Read(path, RestoreField) is not { } values ? null : new()
    {
        PagesCompared = Count(values, 1),
        PagesSkippedCopyOnWrite = Count(values, 2),
        ForkingTime = Time(values, 3),
        RestoreTime = Time(values, 4),
        PagesRestored = Count(values, 5),
    };

    private static Dictionary<int, ulong>? Read(string path, int wanted) => Files.TryReadAll(path) is { } content ? Parse(content, wanted) : null;

    /// <summary>The numbers of one of the two messages by field; null where the content is no such image.</summary>
    internal static Dictionary<int, ulong>? Parse(ReadOnlySpan<byte> content, int wanted)
    {
        if (content.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(content) != ServiceMagic
            || BinaryPrimitives.ReadUInt32LittleEndian(content[4..]) != StatisticsMagic)
            return null;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
        if (size > content.Length - HeaderSize)
            return null;
        var message = content.Slice(HeaderSize, (int)size);
        while (!message.IsEmpty)
        {
            if (!TryField(ref message, out var field, out _, out var inner))
                return null;
            if (field == wanted)
                return Numbers(inner);
        }
        return null;
    }

    private static Dictionary<int, ulong>? Numbers(ReadOnlySpan<byte> message)
    {
        var values = new Dictionary<int, ulong>();
        while (!message.IsEmpty)
        {
            if (!TryField(ref message, out var field, out var value, out _))
                return null;
            values[field] = value;
        }
        return values;
    }

    // Kinds 0 (varint) and 2 (bytes): the message has no others.
    private static bool TryField(ref ReadOnlySpan<byte> message, out int field, out ulong value, out ReadOnlySpan<byte> inner)
    {
        field = 0;
        value = 0;
        inner = default;
        if (!TryNumber(ref message, out var key) || !TryNumber(ref message, out value))
            return false;
        field = (int)(key >> 3);
        switch (key & 7)
        {
            case 0:
                return true;
            case 2 when value <= (ulong)message.Length:
                inner = message[..(int)value];
                message = message[(int)value..];
                return true;
            default:
                return false;
        }
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && !message.IsEmpty; shift += 7)
        {
            var part = message[0];
            message = message[1..];
            value |= (ulong)(part & 0x7F) << shift;
            if ((part & 0x80) == 0)
                return true;
        }
        return false;
    }

    private static long Count(Dictionary<int, ulong> values, int field) => (long)values.GetValueOrDefault(field);

    private static TimeSpan Time(Dictionary<int, ulong> values, int field) => TimeSpan.FromMicroseconds(Count(values, field));
}

using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Podsharp.Engine.Host;

namespace Podsharp.Engine.Storage;

/// <summary>Makes new records, and changes members of existing ones while every other byte stays as it is.</summary>
internal static class RecordEditor
{
    // The relaxed encoder writes + / < > as they are, as other writers of these files read them.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one JSON value.</summary>
    internal static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A list of strings as JSON.</summary>
    internal static byte[] Array(IEnumerable<string> items) => Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in items)
            writer.WriteStringValue(item);
        writer.WriteEndArray();
    });

    /// <summary>A member with a map of ids; none for an empty one.</summary>
    internal static void WriteIdMap(Utf8JsonWriter writer, string name, IReadOnlyList<IdMapping> map)
    {
        if (map.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var range in map)
        {
            writer.WriteStartObject();
            writer.WriteNumber("container_id", range.Inside);
            writer.WriteNumber("host_id", range.Outside);
            writer.WriteNumber("size", range.Count);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>A time as the store writes it: RFC 3339 in UTC.</summary>
    internal static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Sets members of a record's object; null removes one. Unknown members and the spelling of all others are kept.</summary>
    internal static byte[] Set(ReadOnlyMemory<byte> raw, params ReadOnlySpan<(string Name, byte[]? Value)> members)
    {
        var result = new ArrayBufferWriter<byte>(raw.Length + 128);
        result.Write("{"u8);
        var reader = new Utf8JsonReader(raw.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var replaced = false;
            foreach (var (name, _) in members)
                replaced |= reader.ValueTextEquals(name);
            reader.Skip();
            if (replaced)
                continue;
            Separate(result);
            result.Write(raw.Span[start..(int)reader.BytesConsumed]);
        }
        foreach (var (name, value) in members)
        {
            if (value is null)
                continue;
            Separate(result);
            result.Write(Write(writer => writer.WriteStringValue(name)));
            result.Write(":"u8);
            result.Write(value);
        }
        result.Write("}"u8);
        return result.WrittenSpan.ToArray();
    }

    /// <summary>Sets or removes one entry of the record's flags.</summary>
    internal static byte[] SetFlag(ReadOnlyMemory<byte> raw, string flag, bool value)
    {
        using var document = JsonDocument.Parse(raw);
        byte[] flags = document.RootElement.TryGetProperty("flags", out var old) && old.ValueKind == JsonValueKind.Object
            ? Write(old.WriteTo) : "{}"u8.ToArray();
        flags = Set(flags, (flag, value ? "true"u8.ToArray() : null));
        return Set(raw, ("flags", flags.Length > 2 ? flags : null));
    }

    /// <summary>Joins records to the text of a file.</summary>
    internal static byte[] Join<T>(IEnumerable<T> records) where T : IStoreRecord
    {
        var result = new ArrayBufferWriter<byte>(16384);
        result.Write("["u8);
        foreach (var record in records)
        {
            Separate(result);
            result.Write(record.Raw.Span);
        }
        result.Write("]"u8);
        return result.WrittenSpan.ToArray();
    }

    private static void Separate(ArrayBufferWriter<byte> result)
    {
        if (result.WrittenCount > 1)
            result.Write(","u8);
    }
}

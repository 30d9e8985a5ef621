using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Podsharp.Wire.Values;

/// <summary>Writes values as JSON.</summary>
public static class WireJson
{
    /// <summary>Writes a value in UTF-8.</summary>
    /// <param name="value">The value.</param>
    /// <param name="indent">Blanks per level; 0 for one line.</param>
    public static ReadOnlyMemory<byte> ToUtf8(object? value, int indent = 0)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indent > 0, SkipValidation = true };
        if (indent > 0)
            options.IndentSize = indent;
        using (var writer = new Utf8JsonWriter(buffer, options))
            Write(writer, value);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes a value as text.</summary>
    public static string ToText(object? value, int indent = 0) => Encoding.UTF8.GetString(ToUtf8(value, indent).Span);

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null or WireMap { IsNil: true } or WireList { IsNil: true }:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(Time(time));
                break;
            case WireStruct members:
                WriteStruct(writer, members);
                break;
            case WireMap map:
                writer.WriteStartObject();
                foreach (var (key, item) in map.Entries)
                {
                    writer.WritePropertyName(key);
                    Write(writer, item);
                }
                writer.WriteEndObject();
                break;
            case WireList list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"no JSON for {value.GetType()}", nameof(value));
        }
    }

    /// <summary>A time as Go's RFC3339Nano: no trailing zeros in the fraction, Z for UTC.</summary>
    public static string Time(DateTimeOffset time) => time.Offset == TimeSpan.Zero
        ? time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)
        : time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    private static void WriteStruct(Utf8JsonWriter writer, WireStruct value)
    {
        writer.WriteStartObject();
        foreach (var member in value.Members)
        {
            if (member.JsonName is null || (member.OmitEmpty && IsEmpty(member.Value)))
                continue;
            writer.WritePropertyName(member.JsonName);
            Write(writer, member.Value);
        }
        writer.WriteEndObject();
    }

    internal static bool IsEmpty(object? value) => value switch
    {
        null or "" or false or 0L or 0 or 0UL or 0.0 => true,
        WireMap map => map.Count == 0,
        WireList list => list.Items.Count == 0,
        _ => false,
    };
}

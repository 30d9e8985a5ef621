using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Podsharp.Engine.Json;

/// <summary>Turns YAML into JSON, by the events of YamlDotNet's parser: no type is looked at by reflection.</summary>
internal static class YamlDocument
{
    /// <summary>The first document of a text as JSON.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="asTexts">Values stay as they are written, whatever they look like: 1.10 is no number then.</param>
    /// <exception cref="JsonException">It isn't YAML, or nothing that JSON has.</exception>
    internal static byte[] ToJson(byte[] yaml, bool asTexts = false)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(yaml));
            var parser = new Parser(reader);
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
                Write(parser, json, asTexts);
            return stream.ToArray();
        }
        catch (Exception error) when (error is YamlException or InvalidOperationException)
        {
            throw new JsonException(error.Message, error);
        }
    }

    private static void Write(IParser parser, Utf8JsonWriter json, bool asTexts)
    {
        // For each open mapping: whether a key comes next. A sequence has no keys.
        var places = new Stack<(bool IsMapping, bool KeyNext)>();
        while (parser.MoveNext() && parser.Current is not DocumentEnd)
        {
            switch (parser.Current)
            {
                case Scalar key when places.TryPeek(out var place) && place.KeyNext:
                    json.WritePropertyName(key.Value);
                    places.Pop();
                    places.Push((true, false));
                    continue;
                case Scalar { Value.Length: > 0 } text when asTexts:
                    json.WriteStringValue(text.Value);
                    break;
                case Scalar scalar:
                    Value(json, scalar);
                    break;
                case MappingStart:
                    json.WriteStartObject();
                    places.Push((true, true));
                    continue;
                case SequenceStart:
                    json.WriteStartArray();
                    places.Push((false, false));
                    continue;
                case MappingEnd:
                    json.WriteEndObject();
                    places.Pop();
                    break;
                case SequenceEnd:
                    json.WriteEndArray();
                    places.Pop();
                    break;
                // An alias may stand for what has aliases again: a small file for a huge document.
                case AnchorAlias alias:
                    throw new JsonException($"the alias {alias.Value} is not supported here");
                default:
                    continue;
            }
            // A value has ended: in a mapping the next key follows.
            if (places.TryPop(out var parent))
                places.Push((parent.IsMapping, parent.IsMapping));
        }
        if (json.BytesCommitted + json.BytesPending == 0)
            throw new JsonException("the document is empty");
    }

    // YAML 1.2's core schema: what isn't quoted may be null, a truth value or a number.
    private static void Value(Utf8JsonWriter json, Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
            json.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL")
            json.WriteNullValue();
        else if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            json.WriteBooleanValue(text[0] is 't' or 'T');
        else if (Integer(text) is { } integer)
            json.WriteNumberValue(integer);
        else if (text.AsSpan().ContainsAny("0123456789") && text.AsSpan().IndexOfAnyExcept("+-.eE0123456789") < 0
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(text);
    }

    // Octal with 0o, and with a leading 0 as in YAML 1.1: file modes are written so.
    private static long? Integer(string text)
    {
        try
        {
            if (text.StartsWith("0x", StringComparison.Ordinal))
                return Convert.ToInt64(text[2..], 16);
            if (text.StartsWith("0o", StringComparison.Ordinal))
                return Convert.ToInt64(text[2..], 8);
            if (text.Length > 1 && text[0] == '0' && text.All(char.IsAsciiDigit))
                return Convert.ToInt64(text, 8);
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}

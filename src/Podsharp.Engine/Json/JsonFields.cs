using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Podsharp.Engine.Json;

/// <summary>Writes the members of records. What is null is left out.</summary>
/// <remarks>Our JSON is mapped by hand: in a session, where our assemblies are compiled ahead of time but System.Text.Json's generic code over value
/// types is not, the first use of a generated serializer takes the compiler a tenth of a second. So there are no type parameters here
/// but for classes, which share one copy of the code.</remarks>
internal static class JsonFields
{
    /// <summary>A whole document.</summary>
    internal static byte[] Document<T>(T value, Action<Utf8JsonWriter, T> write, JavaScriptEncoder? encoder = null, bool indented = false) where T : class
    {
        using var stream = new MemoryStream(4096);
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = encoder, Indented = indented }))
            json.Item(value, write);
        return stream.ToArray();
    }

    /// <summary>A whole document that is a list.</summary>
    internal static byte[] List<T>(IReadOnlyList<T> values, Action<Utf8JsonWriter, T> write, JavaScriptEncoder? encoder = null) where T : class
    {
        using var stream = new MemoryStream(4096);
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = encoder }))
        {
            json.WriteStartArray();
            for (var i = 0; i < values.Count; i++) json.Item(values[i], write);
            json.WriteEndArray();
        }
        return stream.ToArray();
    }

    /// <summary>A whole document as a string.</summary>
    internal static string Text<T>(T value, Action<Utf8JsonWriter, T> write) where T : class => Encoding.UTF8.GetString(Document(value, write));

    internal static void Field(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    internal static void Field(this Utf8JsonWriter json, string name, bool value) => json.WriteBoolean(name, value);

    internal static void Field(this Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } flag) json.WriteBoolean(name, flag);
    }

    internal static void Field(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    internal static void Field(this Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    internal static void Field(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    internal static void Field(this Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } time) json.WriteString(name, time);
    }

    /// <summary>A time span in .NET's constant format.</summary>
    internal static void Field(this Utf8JsonWriter json, string name, TimeSpan? value)
    {
        if (value is { } duration) json.WriteString(name, duration.ToString("c", CultureInfo.InvariantCulture));
    }

    /// <summary>A value of an enumeration by its name, which is at its number in <paramref name="names"/>.</summary>
    internal static void Field(this Utf8JsonWriter json, string name, int value, string[] names)
    {
        if ((uint)value < (uint)names.Length)
            json.WriteString(name, names[value]);
        else
            json.WriteNumber(name, value);
    }

    internal static void Field(this Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null) return;
        json.WriteStartArray(name);
        // By index: the lists' enumerators are boxed structures.
        for (var i = 0; i < values.Count; i++) json.WriteStringValue(values[i]);
        json.WriteEndArray();
    }

    internal static void Field(this Utf8JsonWriter json, string name, uint[]? values)
    {
        if (values is null) return;
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    internal static void Field(this Utf8JsonWriter json, string name, IReadOnlyList<int>? values)
    {
        if (values is null) return;
        json.WriteStartArray(name);
        for (var i = 0; i < values.Count; i++) json.WriteNumberValue(values[i]);
        json.WriteEndArray();
    }

    internal static void Field(this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string>? values)
    {
        if (values is null) return;
        json.WritePropertyName(name);
        json.Item(values, Members);
    }

    internal static void Field<T>(this Utf8JsonWriter json, string name, T? value, Action<Utf8JsonWriter, T> write) where T : class
    {
        if (value is null) return;
        json.WritePropertyName(name);
        json.Item(value, write);
    }

    internal static void Field<T>(this Utf8JsonWriter json, string name, IReadOnlyList<T>? values, Action<Utf8JsonWriter, T> write) where T : class
    {
        if (values is null) return;
        json.WriteStartArray(name);
        for (var i = 0; i < values.Count; i++) json.Item(values[i], write);
        json.WriteEndArray();
    }

    /// <summary>The members of a dictionary in its own order.</summary>
    internal static void Members(Utf8JsonWriter json, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, value) in values) json.WriteString(name, value);
    }

    private static void Item<T>(this Utf8JsonWriter json, T value, Action<Utf8JsonWriter, T> write) where T : class
    {
        json.WriteStartObject();
        write(json, value);
        json.WriteEndObject();
    }
}

using System.Globalization;
using System.Text.Json;

namespace Podsharp.Engine.Json;

/// <summary>An object of a document, read member by member. Unknown members are passed over; one that is missing, or null, is null or what the caller
/// names instead. (<see cref="JsonFields"/> tells why this isn't left to a serializer.)</summary>
internal readonly struct JsonRow
{
    private readonly JsonElement _element;
    private readonly bool _anyCase;

    private JsonRow(JsonElement element, bool anyCase)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonException("not an object");
        _element = element;
        _anyCase = anyCase;
    }

    /// <summary>Makes a record of an object.</summary>
    internal delegate T Reader<T>(JsonRow row);

    /// <summary>Reads a document.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="anyCase">Names are compared without case.</param>
    /// <param name="read">Makes the record.</param>
    /// <exception cref="JsonException">It is not valid, or a value is of another kind than its place asks for.</exception>
    internal static T Parse<T>(ReadOnlyMemory<byte> json, bool anyCase, Reader<T> read) where T : class
    {
        using var document = JsonDocument.Parse(json);
        return Read(document, anyCase, read);
    }

    /// <summary>Reads a document that is a list of objects.</summary>
    /// <exception cref="JsonException">It is not valid, or a value is of another kind than its place asks for.</exception>
    internal static List<T> ParseList<T>(ReadOnlyMemory<byte> json, bool anyCase, Reader<T> read) where T : class
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            return [.. document.RootElement.EnumerateArray().Select(element => read(new JsonRow(element, anyCase)))];
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="JsonException">It is not valid, or a value is of another kind than its place asks for.</exception>
    internal static T Parse<T>(string json, Reader<T> read) where T : class
    {
        using var document = JsonDocument.Parse(json);
        return Read(document, false, read);
    }

    /// <summary>A text that must be there.</summary>
    internal string Required(string name) => Text(name) ?? throw new JsonException($"{name} is missing");

    internal string? Text(string name) => Find(name, out var value) ? value.GetString() : null;

    internal string Text(string name, string otherwise) => Text(name) ?? otherwise;

    internal bool Flag(string name, bool otherwise = false) => Find(name, out var value) ? value.GetBoolean() : otherwise;

    internal bool? OptionalFlag(string name) => Find(name, out var value) ? value.GetBoolean() : null;

    internal int Int(string name, int otherwise = 0) => Find(name, out var value) ? value.GetInt32() : otherwise;

    internal int? OptionalInt(string name) => Find(name, out var value) ? value.GetInt32() : null;

    internal long? Long(string name) => Find(name, out var value) ? value.GetInt64() : null;

    internal ulong? UnsignedLong(string name) => Find(name, out var value) ? value.GetUInt64() : null;

    internal double? Double(string name) => Find(name, out var value) ? value.GetDouble() : null;

    internal DateTimeOffset? Time(string name) => Find(name, out var value) ? value.GetDateTimeOffset() : null;

    /// <summary>A time span in .NET's constant format.</summary>
    internal TimeSpan? Duration(string name) => Find(name, out var value) ? TimeSpan.ParseExact(value.GetString()!, "c", CultureInfo.InvariantCulture) : null;

    /// <summary>The number of an enumeration's value, written as its name or as a number.</summary>
    internal int Enumeration(string name, string[] names)
    {
        if (!Find(name, out var value)) return 0;
        if (value.ValueKind == JsonValueKind.Number) return value.GetInt32();
        var number = Array.IndexOf(names, value.GetString());
        return number >= 0 ? number : throw new JsonException($"{value} is no value of {name}");
    }

    /// <summary>The texts of an array; items that are null stay so.</summary>
    internal IReadOnlyList<string>? Texts(string name)
    {
        if (!Find(name, out var value)) return null;
        var texts = new string[value.GetArrayLength()];
        var count = 0;
        foreach (var item in value.EnumerateArray()) texts[count++] = item.GetString()!;
        return texts;
    }

    internal IReadOnlyList<int>? Ints(string name)
    {
        if (!Find(name, out var value)) return null;
        var numbers = new int[value.GetArrayLength()];
        var count = 0;
        foreach (var item in value.EnumerateArray()) numbers[count++] = item.GetInt32();
        return numbers;
    }

    /// <summary>An object whose members are texts.</summary>
    internal Dictionary<string, string>? Map(string name) => Find(name, out var value) ? new JsonRow(value, _anyCase).Members() : null;

    /// <summary>The members of this object, which are texts.</summary>
    internal Dictionary<string, string> Members()
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in _element.EnumerateObject()) members[member.Name] = member.Value.GetString()!;
        return members;
    }

    /// <summary>The names of an object's members, each once, in ordinal order.</summary>
    internal IReadOnlyList<string>? Names(string name)
    {
        if (!Find(name, out var value)) return null;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject()) names.Add(member.Name);
        return [.. names];
    }

    internal T? Object<T>(string name, Reader<T> read) where T : class => Find(name, out var value) ? read(new JsonRow(value, _anyCase)) : null;

    /// <summary>The objects of an array; items that are null stay so.</summary>
    internal IReadOnlyList<T>? Objects<T>(string name, Reader<T> read) where T : class
    {
        if (!Find(name, out var value)) return null;
        var objects = new T[value.GetArrayLength()];
        var count = 0;
        foreach (var item in value.EnumerateArray())
            objects[count++] = item.ValueKind == JsonValueKind.Null ? null! : read(new JsonRow(item, _anyCase));
        return objects;
    }

    private static T Read<T>(JsonDocument document, bool anyCase, Reader<T> read)
    {
        try
        {
            return read(new JsonRow(document.RootElement, anyCase));
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new JsonException(error.Message, error);
        }
    }

    private bool Find(string name, out JsonElement value)
    {
        value = default;
        if (!_anyCase)
            return _element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
        foreach (var member in _element.EnumerateObject())
        {
            // The last one counts.
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) value = member.Value;
        }
        return value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }
}

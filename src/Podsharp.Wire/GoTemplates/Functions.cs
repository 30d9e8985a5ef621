using System.Globalization;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.GoTemplates;

/// <summary>The functions of templates: Go's own and those that podman and docker add.</summary>
internal static class Functions
{
    private static readonly string[] Names =
    [
        "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index", "slice", "print", "printf", "println", "html", "urlquery",
        "json", "join", "split", "lower", "upper", "title", "pad", "truncate", "println", "table",
    ];

    internal static bool Exists(string name) => Names.Contains(name);

    internal static object? Call(string name, IReadOnlyList<object?> a) => name switch
    {
        "and" or "or" => Need(name, a, 1, int.MaxValue)[0],
        "not" => !IsTrue(Need(name, a, 1, 1)[0]),
        "eq" => Need(name, a, 1, int.MaxValue).Skip(1).Any(other => AreEqual(a[0], other)),
        "ne" => !AreEqual(Need(name, a, 2, 2)[0], a[1]),
        "lt" => Compare(Need(name, a, 2, 2)[0], a[1]) < 0,
        "le" => Compare(Need(name, a, 2, 2)[0], a[1]) <= 0,
        "gt" => Compare(Need(name, a, 2, 2)[0], a[1]) > 0,
        "ge" => Compare(Need(name, a, 2, 2)[0], a[1]) >= 0,
        "len" => Length(Need(name, a, 1, 1)[0]),
        "index" => Index(Need(name, a, 1, int.MaxValue)),
        "slice" => Slice(Need(name, a, 1, 4)),
        "print" => Print(a),
        "println" => string.Join(' ', a.Select(GoTemplate.Print)) + "\n",
        "printf" => GoFormat.Format(Text(Need(name, a, 1, int.MaxValue)[0], name), a.Skip(1).ToList()),
        "html" => System.Net.WebUtility.HtmlEncode(Print(a)),
        "urlquery" => Uri.EscapeDataString(Print(a)).Replace("%20", "+"),
        "json" => WireJson.ToText(Need(name, a, 1, 1)[0] is Missing ? null : a[0]),
        "join" => Join(Need(name, a, 2, 2)),
        "split" => WireList.From(Split(Text(Need(name, a, 2, 2)[0], name), Text(a[1], name))),
        "lower" => Text(Need(name, a, 1, 1)[0], name).ToLowerInvariant(),
        "upper" => Text(Need(name, a, 1, 1)[0], name).ToUpperInvariant(),
        "title" => Title(Text(Need(name, a, 1, 1)[0], name)),
        "pad" => Pad(Text(Need(name, a, 3, 3)[0], name), Number(a[1], name), Number(a[2], name)),
        "truncate" => Truncate(Text(Need(name, a, 2, 2)[0], name), Number(a[1], name)),
        "table" => Print(a),
        _ => throw new FunctionException("no such function"),
    };

    /// <summary>Go's truth: not false, zero, empty or nil.</summary>
    internal static bool IsTrue(object? value) => value switch
    {
        null or Missing or false or "" => false,
        long number => number != 0,
        int number => number != 0,
        ulong number => number != 0,
        double number => number != 0,
        WireList list => list.Items.Count > 0,
        WireMap map => map.Count > 0,
        _ => true,
    };

    internal static string TypeName(object? value) => value switch
    {
        null or Missing => "nil",
        string => "string",
        bool => "bool",
        long or int => "int",
        ulong => "uint64",
        double => "float64",
        DateTimeOffset => "time.Time",
        WireStruct members => members.TypeName,
        WireMap => "map[string]interface {}",
        _ => "[]interface {}",
    };

    private static IReadOnlyList<object?> Need(string name, IReadOnlyList<object?> arguments, int least, int most)
    {
        if (arguments.Count >= least && arguments.Count <= most)
            return arguments;
        var want = most == int.MaxValue ? $"at least {least}" : $"{(arguments.Count < least ? least : most)}";
        throw new FunctionException($"wrong number of args for {name}: want {want} got {arguments.Count}", isCallError: false);
    }

    private static bool AreEqual(object? left, object? right)
    {
        left = left is Missing ? null : left;
        right = right is Missing ? null : right;
        if (left is null || right is null)
            return left is null && right is null;
        return (left, right) switch
        {
            (string a, string b) => a == b,
            (bool a, bool b) => a == b,
            (DateTimeOffset a, DateTimeOffset b) => a == b,
            _ when AsDecimal(left) is { } a && AsDecimal(right) is { } b && left is double == right is double => a == b,
            (WireList or WireMap or WireStruct, _) or (_, WireList or WireMap or WireStruct) =>
                throw new FunctionException($"non-comparable type {GoTemplate.Print(left)}: {TypeName(left)}"),
            _ => throw new FunctionException("incompatible types for comparison"),
        };
    }

    private static int Compare(object? left, object? right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (double a, double b) => a.CompareTo(b),
        _ when left is not double && right is not double && AsDecimal(left) is { } a && AsDecimal(right) is { } b => a.CompareTo(b),
        _ => throw new FunctionException("incompatible types for comparison"),
    };

    private static decimal? AsDecimal(object? value) => value switch
    {
        long number => number,
        int number => number,
        ulong number => number,
        double number when double.IsFinite(number) && Math.Abs(number) < 1e27 => (decimal)number,
        _ => null,
    };

    private static long Length(object? value) => value switch
    {
        string text => System.Text.Encoding.UTF8.GetByteCount(text),
        WireList list => list.Items.Count,
        WireMap map => map.Count,
        null or Missing => throw new FunctionException("len of nil pointer"),
        _ => throw new FunctionException($"len of type {TypeName(value)}"),
    };

    private static object? Index(IReadOnlyList<object?> arguments)
    {
        var value = arguments[0];
        foreach (var key in arguments.Skip(1))
        {
            value = value switch
            {
                WireMap map => map.TryGet(Text(key, "index"), out var entry) ? entry : Missing.Value,
                WireList list => Item(list, Number(key, "index")),
                WireStruct members when key is string name => members.TryGet(name, out var member) ? member : Missing.Value,
                null or Missing => throw new FunctionException("index of untyped nil"),
                _ => throw new FunctionException($"can't index item of type {TypeName(value)}"),
            };
        }
        return value;
    }

    private static object? Item(WireList list, long index) => index >= 0 && index < list.Items.Count ? list.Items[(int)index]
        : throw new FunctionException($"index out of range: {index}");

    private static object? Slice(IReadOnlyList<object?> arguments)
    {
        var length = arguments[0] is string whole ? whole.Length : arguments[0] is WireList all ? all.Items.Count
            : throw new FunctionException($"can't slice item of type {TypeName(arguments[0])}");
        var from = arguments.Count > 1 ? Number(arguments[1], "slice") : 0;
        var to = arguments.Count > 2 ? Number(arguments[2], "slice") : length;
        if (from < 0 || to > length || from > to)
            throw new FunctionException($"index out of range: {(to > length ? to : from)}");
        return arguments[0] is string text ? text[(int)from..(int)to]
            : WireList.From(((WireList)arguments[0]!).Items.Skip((int)from).Take((int)(to - from)));
    }

    /// <summary>Go's Sprint: blanks between operands of which neither is a string.</summary>
    private static string Print(IReadOnlyList<object?> arguments)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (i > 0 && arguments[i] is not string && arguments[i - 1] is not string)
                text.Append(' ');
            text.Append(GoTemplate.Print(arguments[i]));
        }
        return text.ToString();
    }

    private static string Join(IReadOnlyList<object?> arguments) => arguments[0] switch
    {
        WireList list => string.Join(Text(arguments[1], "join"), list.Items.Select(GoTemplate.Print)),
        null or Missing => "",
        _ => throw new FunctionException($"wrong type for value; expected []string; got {TypeName(arguments[0])}", isCallError: false),
    };

    private static IEnumerable<string> Split(string text, string separator) =>
        separator.Length == 0 ? text.Select(c => c.ToString()) : text.Split(separator);

    private static string Title(string text)
    {
        var characters = text.ToCharArray();
        for (var i = 0; i < characters.Length; i++)
            if (i == 0 || !char.IsLetterOrDigit(characters[i - 1]) && characters[i - 1] != '_' && characters[i - 1] != '\'')
                characters[i] = char.ToUpperInvariant(characters[i]);
        return new(characters);
    }

    private static string Pad(string text, long before, long after) =>
        text.Length == 0 ? text : new string(' ', (int)Math.Max(0, before)) + text + new string(' ', (int)Math.Max(0, after));

    private static string Truncate(string text, long length) => text.Length <= length ? text : text[..(int)Math.Max(0, length)];

    internal static string Text(object? value, string function) => value switch
    {
        string text => text,
        _ => throw new FunctionException($"wrong type for value; expected string; got {TypeName(value)}", isCallError: function.Length == 0),
    };

    private static long Number(object? value, string function) => value switch
    {
        long number => number,
        int number => number,
        _ => throw new FunctionException(string.Create(CultureInfo.InvariantCulture, $"wrong type for value; expected int; got {TypeName(value)}"), function.Length == 0),
    };
}

using System.Collections;
using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>Names and values: a hashtable, or NAME=value strings.</summary>
internal sealed class DictionaryTransformationAttribute : TransformationAttribute
{
    /// <summary>Whether a NAME alone takes the session's environment variable of that name (and is left out when there is none), and NAME*
    /// all that begin so.</summary>
    public bool Environment { get; set; }

    /// <summary>What stands between name and value; '=' unless told.</summary>
    public char Separator { get; set; } = '=';

    private protected override object StandIn => new Hashtable();

    private protected override object? Convert(object? value)
    {
        if (value is null or Hashtable)
            return value;
        var table = new Hashtable(StringComparer.Ordinal);
        foreach (var item in Flatten(value))
        {
            if (item is IDictionary dictionary)
                foreach (DictionaryEntry entry in dictionary)
                    table[entry.Key] = entry.Value;
            else
                Add(table, item.ToString() ?? "");
        }
        return table;
    }

    /// <summary>The table as the model wants it.</summary>
    internal static IReadOnlyDictionary<string, string> ToStrings(Hashtable? table)
    {
        if (table is null || table.Count == 0)
            return EmptyDictionary.Strings;
        var strings = new Dictionary<string, string>(table.Count);
        foreach (DictionaryEntry entry in table)
            strings[entry.Key.ToString() ?? ""] = Unwrap(entry.Value) switch
            {
                null => "",
                IFormattable formattable => formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
                var other => other.ToString() ?? "",
            };
        return strings;
    }

    private void Add(Hashtable table, string text)
    {
        var at = text.IndexOf(Separator);
        if (at == 0 || text.Length == 0)
            throw EngineErrors.InvalidArgument($"\"{text}\" has no name", text, $"write NAME{Separator}value, or give a hashtable");
        if (at > 0)
            table[text[..at]] = text[(at + 1)..];
        else if (!Environment)
            table[text] = "";
        else if (text.EndsWith('*'))
            foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
            {
                if (((string)entry.Key).StartsWith(text[..^1], StringComparison.Ordinal))
                    table[entry.Key] = entry.Value;
            }
        else if (System.Environment.GetEnvironmentVariable(text) is { } inherited)
            table[text] = inherited;
    }
}

using System.Text;

namespace Podsharp.Wire.Values;

/// <summary>Writes values as YAML for people to read (<c>podsharp info</c>).</summary>
public static class WireYaml
{
    /// <summary>Writes a value.</summary>
    public static string ToText(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, int depth)
    {
        foreach (var (key, item) in Entries(value))
        {
            text.Append(' ', depth * 2).Append(key).Append(':');
            switch (item)
            {
                case WireStruct or WireMap { Count: > 0 }:
                    text.Append('\n');
                    Write(text, item, depth + 1);
                    break;
                case WireList { Items.Count: > 0 } list:
                    text.Append('\n');
                    foreach (var element in list.Items)
                        text.Append(' ', depth * 2).Append("- ").Append(Scalar(element)).Append('\n');
                    break;
                default:
                    text.Append(' ').Append(Scalar(item)).Append('\n');
                    break;
            }
        }
    }

    private static IEnumerable<(string Key, object? Value)> Entries(object? value) => value switch
    {
        WireStruct members => members.Members.Where(m => m.JsonName is not null && !(m.OmitEmpty && WireJson.IsEmpty(m.Value))).Select(m => (m.JsonName!, m.Value)),
        WireMap map => map.Entries.Select(e => (e.Key, e.Value)),
        _ => [],
    };

    private static string Scalar(object? value) => value switch
    {
        null or WireList { IsNil: true } or WireMap { IsNil: true } => "null",
        WireList => "[]",
        WireMap => "{}",
        string text when NeedsQuotes(text) => WireJson.ToText(text),
        string text => text,
        _ => WireJson.ToText(value),
    };

    /// <summary>A plain scalar must not read as something else: quoted where there is any doubt.</summary>
    private static bool NeedsQuotes(string text) => text.Length == 0 || text is "true" or "false" or "null" or "yes" or "no" or "on" or "off" or "~"
        || !(char.IsAsciiLetter(text[0]) || text[0] == '/') || text[^1] is ' ' or ':' || text.Contains(": ", StringComparison.Ordinal)
        || text.Contains(" #", StringComparison.Ordinal) || text.Any(char.IsControl);
}

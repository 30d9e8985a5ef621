using System.Text;
using Podsharp.Wire.GoTemplates;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Output;

/// <summary>Prints a list of things as --format asks: json, a template, or a table.</summary>
/// <param name="name">What template errors call it.</param>
/// <param name="headings">Headings of fields whose name isn't their heading.</param>
internal sealed class Listing(string name, IReadOnlyDictionary<string, string> headings)
{
    private const string TablePrefix = "table";

    /// <summary>Whether a format asks for JSON.</summary>
    internal static bool IsJson(string? format) =>
        format?.Trim() is "json" || (format?.Replace(" ", "") is "{{json.}}");

    /// <summary>Whether a format makes a table.</summary>
    private static bool IsTable(string format) => format.TrimStart().StartsWith(TablePrefix, StringComparison.Ordinal);

    /// <summary>Prints rows by a template, with headings if it begins with "table".</summary>
    internal string Render(string format, IEnumerable<WireStruct> rows, bool headingWanted = true)
    {
        var table = IsTable(format);
        var body = GoTemplate.Unescape(table ? format.TrimStart()[TablePrefix.Length..].TrimStart() : format);
        var template = GoTemplate.Parse(name, body);
        var output = new StringBuilder();
        if (table && headingWanted)
            output.Append(template.ExecuteHeader(Heading)).Append('\n');
        foreach (var row in rows)
        {
            var line = template.Execute(row);
            output.Append(line);
            if (!line.EndsWith('\n'))
                output.Append('\n');
        }
        return table ? Table.Format(output.ToString()) : output.ToString();
    }

    /// <summary>A field's heading: the known one, else its name in capitals with a blank before each inner capital.</summary>
    private string Heading(string field)
    {
        if (headings.TryGetValue(field, out var known))
            return known;
        var heading = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            if (i > 0 && char.IsUpper(field[i]) && !char.IsUpper(field[i - 1]))
                heading.Append(' ');
            heading.Append(char.ToUpperInvariant(field[i]));
        }
        return heading.ToString();
    }
}

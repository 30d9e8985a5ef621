using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HelpBuilder;

/// <summary>The summaries of the compiler's documentation file.</summary>
public sealed partial class DocComments
{
    private readonly Dictionary<string, string> summaries = new(StringComparer.Ordinal);

    /// <summary>Reads the file.</summary>
    public static DocComments Load(string path)
    {
        var comments = new DocComments();
        foreach (var member in XDocument.Load(path).Descendants("member"))
            if (member.Element("summary") is { } summary)
                comments.summaries[(string)member.Attribute("name")!] = Text(summary);
        return comments;
    }

    /// <summary>A property's summary.</summary>
    public string Of(PropertyInfo property) =>
        summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}") ?? "";

    private static string Text(XElement summary)
    {
        foreach (var reference in summary.Descendants("see").ToList())
            reference.ReplaceWith(((string?)reference.Attribute("cref") ?? "").Split('.')[^1]);
        return Blanks().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

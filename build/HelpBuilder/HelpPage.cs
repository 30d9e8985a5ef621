namespace HelpBuilder;

/// <summary>A page of docs/help: <c># Name</c>, <c>## SYNOPSIS</c>, <c>## DESCRIPTION</c>, <c>## EXAMPLES</c> with <c>### titles</c> and code
/// blocks, and as needed <c>## PARAMETERS</c> (<c>### -Name</c>: more than the doc comment says), <c>## NOTES</c>, <c>## RELATED LINKS</c>.</summary>
public sealed class HelpPage
{
    private readonly Dictionary<string, List<string>> sections = new(StringComparer.Ordinal);

    public string Title { get; private set; } = "";

    public string Synopsis => string.Join(' ', Paragraphs(Lines("SYNOPSIS")));

    public IReadOnlyList<string> Description => Paragraphs(Lines("DESCRIPTION"));

    public IReadOnlyList<string> Notes => Paragraphs(Lines("NOTES"));

    public IEnumerable<string> Links => Lines("RELATED LINKS").Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..].Trim());

    public IReadOnlyList<(string Title, string Code, IReadOnlyList<string> Remarks)> Examples =>
        [.. Parts("EXAMPLES").Select(part => (part.Title, Code(part.Lines), Paragraphs(WithoutCode(part.Lines))))];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters =>
        Parts("PARAMETERS").ToDictionary(part => part.Title.TrimStart('-'), part => (IReadOnlyList<string>)Paragraphs(part.Lines), StringComparer.OrdinalIgnoreCase);

    public static HelpPage Parse(IEnumerable<string> lines)
    {
        var page = new HelpPage();
        List<string>? section = null;
        var inCode = false;
        foreach (var line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inCode = !inCode;
            if (!inCode && line.StartsWith("# ", StringComparison.Ordinal))
                page.Title = line[2..].Trim();
            else if (!inCode && line.StartsWith("## ", StringComparison.Ordinal))
                page.sections[line[3..].Trim()] = section = [];
            else
                section?.Add(line);
        }
        return page;
    }

    public IEnumerable<string> Problems(string cmdlet)
    {
        if (Title != cmdlet)
            yield return $"the title is not {cmdlet}";
        if (Synopsis.Length == 0)
            yield return "there is no synopsis";
        if (Description.Count == 0)
            yield return "there is no description";
        if (Examples.Count == 0 || Examples.Any(example => example.Code.Length == 0))
            yield return "there is no example, or one without code";
    }

    private List<string> Lines(string section) => sections.GetValueOrDefault(section) ?? [];

    private IEnumerable<(string Title, List<string> Lines)> Parts(string section)
    {
        (string Title, List<string> Lines)? part = null;
        var inCode = false;
        foreach (var line in Lines(section))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inCode = !inCode;
            if (!inCode && line.StartsWith("### ", StringComparison.Ordinal))
            {
                if (part is { } done)
                    yield return done;
                part = (line[4..].Trim(), []);
            }
            else
                part?.Lines.Add(line);
        }
        if (part is { } last)
            yield return last;
    }

    private static string Code(List<string> lines)
    {
        var start = lines.FindIndex(line => line.StartsWith("```", StringComparison.Ordinal));
        var end = start < 0 ? -1 : lines.FindIndex(start + 1, line => line.StartsWith("```", StringComparison.Ordinal));
        return end < 0 ? "" : string.Join('\n', lines[(start + 1)..end]);
    }

    private static List<string> WithoutCode(List<string> lines)
    {
        var text = new List<string>();
        var inCode = false;
        foreach (var line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inCode = !inCode;
            else if (!inCode)
                text.Add(line);
        }
        return text;
    }

    private static List<string> Paragraphs(List<string> lines)
    {
        var paragraphs = new List<string>();
        var current = new List<string>();
        foreach (var line in lines.Append(""))
        {
            if (line.Trim().Length > 0)
            {
                current.Add(line.Trim().Replace("`", ""));
                continue;
            }
            if (current.Count > 0)
                paragraphs.Add(string.Join(' ', current));
            current.Clear();
        }
        return paragraphs;
    }
}

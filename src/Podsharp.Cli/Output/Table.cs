using System.Text;

namespace Podsharp.Cli.Output;

/// <summary>Lays text out in columns as Go's tabwriter does for podman: cells end with a tab, a column is at least 12 wide, and two
/// blanks part it from the next.</summary>
internal static class Table
{
    private const int MinimumWidth = 12;
    private const int Padding = 2;

    /// <summary>Lays out lines whose cells are parted by tabs.</summary>
    internal static string Format(string text)
    {
        var lines = text.Split('\n').Select(line => line.Split('\t')).ToList();
        var output = new StringBuilder(text.Length * 2);
        for (var start = 0; start < lines.Count;)
        {
            // A block of lines that all have a first cell of a column lines up; most tables are one block.
            var end = start + 1;
            while (end < lines.Count && lines[end].Length == lines[start].Length)
                end++;
            Append(output, lines.GetRange(start, end - start), end == lines.Count);
            start = end;
        }
        return output.ToString();
    }

    private static void Append(StringBuilder output, List<string[]> lines, bool last)
    {
        var widths = new int[lines[0].Length];
        foreach (var line in lines)
            for (var i = 0; i < line.Length - 1; i++)
                widths[i] = Math.Max(Math.Max(widths[i], MinimumWidth), Width(line[i]) + Padding);
        for (var row = 0; row < lines.Count; row++)
        {
            var line = lines[row];
            for (var i = 0; i < line.Length - 1; i++)
                output.Append(line[i]).Append(' ', widths[i] - Width(line[i]));
            output.Append(line[^1]);
            if (!last || row < lines.Count - 1)
                output.Append('\n');
        }
    }

    private static int Width(string text)
    {
        var width = 0;
        foreach (var _ in text.EnumerateRunes())
            width++;
        return width;
    }
}

using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads what ps(1) prints.</summary>
public static class PsOutput
{
    /// <summary>A process for each line: all columns as fields by their headings, and the properties that a column is known for.</summary>
    /// <param name="lines">The lines, the headings first. Only the last column may hold blanks.</param>
    /// <param name="containerId">The container's id.</param>
    /// <param name="container">The container's name.</param>
    public static IEnumerable<ContainerProcessInfo> Parse(IReadOnlyList<string> lines, string containerId, string container)
    {
        if (lines.Count == 0)
            yield break;
        var headings = Words(lines[0], int.MaxValue);
        foreach (var line in lines.Skip(1).Where(line => line.Trim().Length > 0))
        {
            var words = Words(line, headings.Length);
            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < words.Length; i++)
                fields[headings[i]] = words[i];
            yield return new ContainerProcessInfo
            {
                ContainerId = containerId,
                Container = container,
                Pid = Number(fields, "PID"),
                ParentPid = Number(fields, "PPID"),
                User = Text(fields, "USER", "UID"),
                CpuPercent = double.TryParse(Text(fields, "%CPU"), CultureInfo.InvariantCulture, out var percent) ? percent : 0,
                Terminal = Text(fields, "TTY", "TT") is { Length: > 0 } terminal ? terminal : "?",
                // ps counts it in KiB.
                ResidentBytes = 1024L * Number(fields, "RSS"),
                State = Text(fields, "STAT", "S"),
                Command = Text(fields, "COMMAND", "CMD"),
                Fields = fields,
            };
        }
    }

    private static string[] Words(string line, int count) =>
        line.Split(' ', count, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Text(Dictionary<string, string> fields, params ReadOnlySpan<string> headings)
    {
        foreach (var heading in headings)
            if (fields.TryGetValue(heading, out var text))
                return text;
        return "";
    }

    private static int Number(Dictionary<string, string> fields, string heading) =>
        int.TryParse(Text(fields, heading), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

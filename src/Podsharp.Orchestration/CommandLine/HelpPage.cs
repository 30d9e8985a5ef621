using System.Text;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>Makes help pages from the table.</summary>
public static class HelpPage
{
    private const string Program = "podsharp";

    /// <summary>The program's page.</summary>
    public static string Root()
    {
        var page = new StringBuilder(CommandTable.Root.Summary).Append("\n\nUsage:\n  ").Append(Program).Append(' ').Append(CommandTable.Root.Usage)
            .Append("\n\nAvailable Commands:\n");
        var rows = new List<(string Name, string Summary)>(CommandTable.Groups);
        foreach (var command in CommandTable.Commands)
            if (!command.Hidden && command.Paths.FirstOrDefault(p => !p.Contains(' ')) is { } path)
                rows.Add((path, command.Summary));
        AppendRows(page, rows);
        AppendOptions(page, CommandTable.Root.Options);
        return page.ToString();
    }

    /// <summary>A group's page.</summary>
    public static string Group(string name)
    {
        var summary = CommandTable.Groups.First(g => g.Name == name).Summary;
        var page = new StringBuilder(summary).Append("\n\nUsage:\n  ").Append($"{Program} {name} [command]\n\nAvailable Commands:\n");
        var rows = new List<(string Name, string Summary)>();
        foreach (var command in CommandTable.Commands)
            foreach (var path in command.Paths)
                if (!command.Hidden && path.StartsWith(name + " ", StringComparison.Ordinal))
                    rows.Add((path[(name.Length + 1)..], command.Summary));
        AppendRows(page, rows);
        return page.ToString();
    }

    /// <summary>A command's page.</summary>
    public static string Command(CommandDefinition command, string path)
    {
        var page = new StringBuilder(command.Summary).Append('\n');
        if (command.Description.Length > 0)
            page.Append("\nDescription:\n  ").Append(command.Description).Append('\n');
        page.Append("\nUsage:\n  ").Append(Program).Append(' ').Append(path).Append(' ').Append(command.Usage).Append('\n');
        if (command.Paths.Count > 1)
            page.Append("\nAliases:\n  ").AppendJoin(", ", command.Paths.Select(p => $"{Program} {p}")).Append('\n');
        if (command.Examples.Count > 0)
            page.Append("\nExamples:\n  ").AppendJoin("\n  ", command.Examples.Select(e => $"{Program} {e}")).Append('\n');
        AppendOptions(page, command.Options);
        return page.ToString();
    }

    private static void AppendRows(StringBuilder page, List<(string Name, string Summary)> rows)
    {
        rows.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var width = rows.Max(r => r.Name.Length);
        foreach (var (name, summary) in rows)
            page.Append("  ").Append(name.PadRight(width + 2)).Append(summary).Append('\n');
    }

    private static void AppendOptions(StringBuilder page, IReadOnlyList<OptionDefinition> options)
    {
        var shown = options.Where(o => !o.Hidden).ToList();
        if (shown.Count == 0)
            return;
        var heads = shown.ConvertAll(Head);
        var width = heads.Max(h => h.Length);
        page.Append("\nOptions:\n");
        for (var i = 0; i < shown.Count; i++)
            page.Append(heads[i].PadRight(width + 3)).Append(Tail(shown[i])).Append('\n');
    }

    private static string Head(OptionDefinition option)
    {
        var head = (option.Short == '\0' ? "      --" : $"  -{option.Short}, --") + option.Name;
        return option.Kind == OptionKind.Flag ? head : $"{head} {option.ValueName}";
    }

    private static string Tail(OptionDefinition option)
    {
        var text = option.Help;
        if (option.Default is { Length: > 0 } value && (option.Kind != OptionKind.Flag || value == "true"))
            text += option.Kind == OptionKind.Text ? $" (default \"{value}\")" : $" (default {value})";
        return option.Support switch
        {
            OptionSupport.NotYet => text + " (not supported yet)",
            OptionSupport.Refused => text + " (refused)",
            OptionSupport.NoEffect => text + " (no effect)",
            _ => text,
        };
    }
}

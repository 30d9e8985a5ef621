namespace Podsharp.Orchestration.CommandLine;

/// <summary>What a shell could offer for the last word of a command line.</summary>
public sealed record CompletionRequest
{
    /// <summary>What kind of things.</summary>
    public CompletionKind Kind { get; init; }
    /// <summary>Words that are known already, with descriptions.</summary>
    public IReadOnlyList<(string Word, string Text)> Words { get; init; } = [];
    /// <summary>What stands before the completed part in the same word (<c>--pull=</c>, or what is before a comma).</summary>
    public string Prefix { get; init; } = "";
    /// <summary>The part to complete.</summary>
    public string Part { get; init; } = "";

    /// <summary>Reads a command line of which the last word is being typed.</summary>
    public static CompletionRequest Create(IReadOnlyList<string> words)
    {
        var last = words.Count > 0 ? words[^1] : "";
        var i = 0;
        if (SkipOptions(CommandTable.Root, words, ref i) is { } global)
            return ForValue(global, last);
        if (i >= words.Count - 1)
            return last.StartsWith('-') ? ForOptions(CommandTable.Root, last) : ForCommands("", last);
        var group = words[i];
        if (CommandTable.IsGroup(group))
        {
            if (i + 1 >= words.Count - 1)
                return ForCommands(group + " ", last);
            i++;
            group += " " + words[i];
        }
        return CommandTable.Find(group) is { } command ? ForCommand(command, words, i + 1, last) : new();
    }

    private static CompletionRequest ForCommand(CommandDefinition command, IReadOnlyList<string> words, int i, string last)
    {
        var arguments = 0;
        while (i < words.Count - 1)
        {
            var before = i;
            if (SkipOptions(command, words, ref i) is { } option)
                return ForValue(option, last);
            if (i < words.Count - 1)
            {
                arguments++;
                i++;
                if (!command.Interspersed)
                    return Arguments(command, arguments + words.Count - 1 - i, last);
            }
            if (i == before)
                break;
        }
        if (!last.StartsWith('-'))
            return Arguments(command, arguments, last);
        var equals = last.IndexOf('=');
        if (equals > 0 && command.FindOption(last[2..equals]) is { } valued)
            return ForValue(valued, last[(equals + 1)..]) with { Prefix = last[..(equals + 1)] };
        return ForOptions(command, last);
    }

    /// <summary>Skips options. Returns the option whose value is the last word.</summary>
    private static OptionDefinition? SkipOptions(CommandDefinition command, IReadOnlyList<string> words, ref int i)
    {
        while (i < words.Count - 1 && words[i].Length > 1 && words[i][0] == '-')
        {
            var word = words[i++];
            if (word == "--" || word.Contains('='))
                continue;
            var option = word[1] == '-' ? command.FindOption(word[2..]) : ClusterEnd(command, word);
            if (option is null || option.BareValue is not null)
                continue;
            if (i == words.Count - 1)
                return option;
            i++;
        }
        return null;
    }

    /// <summary>The option of a cluster that takes the next word as its value.</summary>
    private static OptionDefinition? ClusterEnd(CommandDefinition command, string word)
    {
        for (var i = 1; i < word.Length; i++)
        {
            var option = command.FindOption(word[i]);
            if (option is null || option.BareValue is null)
                return i == word.Length - 1 ? option : null;
        }
        return null;
    }

    private static CompletionRequest ForValue(OptionDefinition option, string part)
    {
        var comma = option.Kind == OptionKind.CommaList ? part.LastIndexOf(',') + 1 : 0;
        return new()
        {
            Kind = option.Completion,
            Words = [.. option.Words.Select(word => (word, ""))],
            Prefix = part[..comma],
            Part = part[comma..],
        };
    }

    private static CompletionRequest Arguments(CommandDefinition command, int index, string last)
    {
        var kind = index == 0 ? command.ArgumentCompletion : command.RestCompletion ?? command.ArgumentCompletion;
        if (index >= command.MaximumArguments)
            kind = CompletionKind.None;
        return kind == CompletionKind.Command ? ForCommands("", last)
            : new() { Kind = kind, Part = last, Words = kind == CompletionKind.Words ? [.. command.ArgumentWords.Select(w => (w, ""))] : [] };
    }

    private static CompletionRequest ForOptions(CommandDefinition command, string last) => new()
    {
        Kind = CompletionKind.Words,
        Part = last,
        Words = [.. command.Options.Where(o => !o.Hidden && o.Support is not (OptionSupport.NotYet or OptionSupport.Refused)).Select(o => ("--" + o.Name, o.Help))],
    };

    private static CompletionRequest ForCommands(string group, string last)
    {
        var words = new List<(string, string)>();
        if (group.Length == 0)
            words.AddRange(CommandTable.Groups);
        foreach (var command in CommandTable.Commands)
            foreach (var path in command.Paths)
                if (!command.Hidden && path.StartsWith(group, StringComparison.Ordinal) && !path[group.Length..].Contains(' '))
                    words.Add((path[group.Length..], command.Summary));
        return new() { Kind = CompletionKind.Words, Part = last, Words = words };
    }
}

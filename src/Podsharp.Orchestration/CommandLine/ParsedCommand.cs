using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>A command line taken apart: the command, the options that were given and the arguments.</summary>
public sealed class ParsedCommand
{
    private readonly Dictionary<string, List<string>> values = new(StringComparer.Ordinal);
    private readonly List<string> arguments = [];

    /// <summary>The command.</summary>
    public required CommandDefinition Command { get; init; }
    /// <summary>How it was called (<c>container run</c> or <c>run</c>).</summary>
    public required string Path { get; init; }
    /// <summary>What isn't an option.</summary>
    public IReadOnlyList<string> Arguments => arguments;
    /// <summary>Whether help was asked for.</summary>
    public bool HelpWanted { get; internal set; }

    internal void Add(string option, string value) => AddAll(option, [value]);

    /// <summary>Notes that an option was given, with any number of values.</summary>
    internal void AddAll(string option, IEnumerable<string> given)
    {
        if (!values.TryGetValue(option, out var list))
            values[option] = list = [];
        list.AddRange(given);
    }

    /// <summary>Adds an argument.</summary>
    public void AddWord(string argument) => arguments.Add(argument);

    /// <summary>Whether an option was given, with whatever value.</summary>
    public bool Given(string option) => values.ContainsKey(option);

    /// <summary>A flag's value: the one given, else its default.</summary>
    public bool Flag(string option)
    {
        var text = Text(option);
        return text is not null && OptionText.TryParseFlag(text, out var value) && value;
    }

    /// <summary>The last value given, else the default, else null.</summary>
    public string? Text(string option) => values.TryGetValue(option, out var list) && list.Count > 0 ? list[^1] : Command.FindOption(option)?.Default;

    /// <summary>Every value given, in order.</summary>
    public IReadOnlyList<string> List(string option) => values.TryGetValue(option, out var list) ? list : [];

    /// <summary>The number given, else the default, else null.</summary>
    public long? Number(string option) =>
        Text(option) is { } text ? long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    /// <summary>The decimal number given, else the default, else null.</summary>
    public double? Decimal(string option) =>
        Text(option) is { } text ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;
}

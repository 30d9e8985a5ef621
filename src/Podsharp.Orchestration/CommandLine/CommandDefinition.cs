namespace Podsharp.Orchestration.CommandLine;

/// <summary>One command: how it is called and what it takes.</summary>
/// <param name="id">What it does.</param>
/// <param name="paths">The ways to call it, the first one shown (<c>container run</c>, <c>run</c>).</param>
/// <param name="usage">What follows the name on its usage line.</param>
/// <param name="summary">One line for lists of commands.</param>
/// <param name="options">Makes its options; only done for the command that is called.</param>
public sealed class CommandDefinition(CommandId id, IReadOnlyList<string> paths, string usage, string summary,
    Func<IReadOnlyList<OptionDefinition>> options)
{
    private IReadOnlyList<OptionDefinition>? made;

    /// <summary>What it does.</summary>
    public CommandId Id { get; } = id;
    /// <summary>The ways to call it.</summary>
    public IReadOnlyList<string> Paths { get; } = paths;
    /// <summary>Paths that work but aren't listed (<c>container ls</c>).</summary>
    public IReadOnlyList<string> HiddenPaths { get; init; } = [];
    /// <summary>What follows the name on its usage line.</summary>
    public string Usage { get; } = usage;
    /// <summary>One line for lists of commands.</summary>
    public string Summary { get; } = summary;
    /// <summary>A sentence or two more.</summary>
    public string Description { get; init; } = "";
    /// <summary>Example command lines, without the program's name.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
    /// <summary>Options may stand between and behind arguments; false where everything after the first argument belongs to the container.</summary>
    public bool Interspersed { get; init; } = true;
    /// <summary>The least number of arguments.</summary>
    public int MinimumArguments { get; init; }
    /// <summary>The greatest number of arguments.</summary>
    public int MaximumArguments { get; init; } = int.MaxValue;
    /// <summary>What a shell offers for arguments.</summary>
    public CompletionKind ArgumentCompletion { get; init; }
    /// <summary>What a shell offers from the second argument on; the same when null.</summary>
    public CompletionKind? RestCompletion { get; init; }
    /// <summary>Words to offer for arguments.</summary>
    public IReadOnlyList<string> ArgumentWords { get; init; } = [];
    /// <summary>Not shown in lists of commands.</summary>
    public bool Hidden { get; init; }
    /// <summary>Its options.</summary>
    public IReadOnlyList<OptionDefinition> Options => made ??= options();

    /// <summary>Finds an option by its name or a hidden spelling.</summary>
    public OptionDefinition? FindOption(string name) => Find(Options, name);

    /// <summary>Finds an option by its letter.</summary>
    public OptionDefinition? FindOption(char letter) => Find(Options, letter);

    internal static OptionDefinition? Find(IReadOnlyList<OptionDefinition> options, string name)
    {
        foreach (var option in options)
            if (option.Name == name)
                return option;
        foreach (var option in options)
            if (option.Aliases.Contains(name))
                return option;
        return null;
    }

    internal static OptionDefinition? Find(IReadOnlyList<OptionDefinition> options, char letter)
    {
        foreach (var option in options)
            if (option.Short == letter)
                return option;
        return null;
    }
}

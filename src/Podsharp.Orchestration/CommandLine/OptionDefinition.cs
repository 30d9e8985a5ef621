namespace Podsharp.Orchestration.CommandLine;

/// <summary>One option of a command: all that the parser, the help page and the completion know of it.</summary>
public sealed record OptionDefinition
{
    /// <summary>The name without its dashes.</summary>
    public required string Name { get; init; }
    /// <summary>The letter of the short form; NUL for none.</summary>
    public char Short { get; init; }
    /// <summary>Further spellings that work but aren't shown (<c>net</c> for <c>network</c>).</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
    /// <summary>How its value is read.</summary>
    public OptionKind Kind { get; init; }
    /// <summary>One line for the help page.</summary>
    public string Help { get; init; } = "";
    /// <summary>The value when it isn't given; null for none.</summary>
    public string? Default { get; init; }
    /// <summary>The value of a bare option (without <c>=value</c>); null where a value must follow.</summary>
    public string? BareValue { get; init; }
    /// <summary>What a shell offers.</summary>
    public CompletionKind Completion { get; init; }
    /// <summary>Words to offer.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
    /// <summary>What becomes of it.</summary>
    public OptionSupport Support { get; init; }
    /// <summary>For <see cref="OptionSupport.Refused"/>: why.</summary>
    public string Reason { get; init; } = "";
    /// <summary>For <see cref="OptionSupport.NotYet"/> and <see cref="OptionSupport.Refused"/>: values that ask for what is done anyway.</summary>
    public IReadOnlyList<string> AcceptedValues { get; init; } = [];
    /// <summary>Not shown in help.</summary>
    public bool Hidden { get; init; }

    /// <summary>The word that stands for the value on the help page.</summary>
    public string ValueName => Kind switch
    {
        OptionKind.Flag => "",
        OptionKind.Text => "string",
        OptionKind.Number => "int",
        OptionKind.Decimal => "float",
        OptionKind.List => "stringArray",
        _ => "strings",
    };
}

namespace Podsharp.Orchestration.CommandLine;

/// <summary>Short forms for the option table, so that an option is one line of it.</summary>
internal static class OptionBuilder
{
    internal static OptionDefinition Flag(string name, string help, char letter = '\0', string? def = null, params string[] aliases) => new()
    {
        Name = name,
        Short = letter,
        Aliases = aliases,
        Kind = OptionKind.Flag,
        Help = help,
        Default = def,
        BareValue = "true",
    };

    internal static OptionDefinition Text(string name, string help, char letter = '\0', string? def = null,
        CompletionKind completion = CompletionKind.None, params string[] aliases) =>
        Valued(OptionKind.Text, name, help, letter, def, completion, aliases);

    internal static OptionDefinition Number(string name, string help, char letter = '\0', string? def = null, params string[] aliases) =>
        Valued(OptionKind.Number, name, help, letter, def, CompletionKind.None, aliases);

    internal static OptionDefinition List(string name, string help, char letter = '\0',
        CompletionKind completion = CompletionKind.None, params string[] aliases) =>
        Valued(OptionKind.List, name, help, letter, null, completion, aliases);

    internal static OptionDefinition Commas(string name, string help, char letter = '\0',
        CompletionKind completion = CompletionKind.None, params string[] aliases) =>
        Valued(OptionKind.CommaList, name, help, letter, null, completion, aliases);

    internal static OptionDefinition Choice(string name, string help, char letter, string? def, params string[] words) =>
        Valued(OptionKind.Text, name, help, letter, def, CompletionKind.Words, []) with { Words = words };

    internal static OptionDefinition Valued(OptionKind kind, string name, string help, char letter, string? def,
        CompletionKind completion, string[] aliases) => new()
        {
            Name = name,
            Short = letter,
            Aliases = aliases,
            Kind = kind,
            Help = help,
            Default = def,
            Completion = completion,
        };

    /// <summary>Known and refused, but for values that ask for what is done anyway.</summary>
    internal static OptionDefinition NotYet(OptionDefinition option, params string[] accepted) =>
        option with { Support = OptionSupport.NotYet, AcceptedValues = accepted };

    /// <summary>Known and refused for a reason that won't go, but for values that ask for what is done anyway.</summary>
    internal static OptionDefinition Refused(OptionDefinition option, string reason, params string[] accepted) =>
        option with { Support = OptionSupport.Refused, AcceptedValues = accepted, Reason = reason };

    /// <summary>Accepted without effect, because there is nothing to do.</summary>
    internal static OptionDefinition NoEffect(OptionDefinition option) => option with { Support = OptionSupport.NoEffect };

    internal static OptionDefinition Hidden(OptionDefinition option) => option with { Hidden = true };
}

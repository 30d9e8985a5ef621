using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>The variables of a stage as they are after each of its instructions. ENV wins over ARG; what is declared before the first FROM is seen only
/// after the stage has declared it too.</summary>
internal sealed class BuildVariables
{
    private readonly GlobalVariables _globals;
    private readonly Dictionary<string, string> _arguments = new(StringComparer.Ordinal);
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    /// <summary>The variables with which a stage begins.</summary>
    /// <param name="globals">Those of the file.</param>
    /// <param name="environment">Those of the base image, each as NAME=VALUE.</param>
    /// <param name="baseStage">The stage that FROM names, at its end: its arguments are inherited.</param>
    internal BuildVariables(GlobalVariables globals, IEnumerable<string> environment, BuildVariables? baseStage = null)
    {
        _globals = globals;
        foreach (var variable in environment)
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            Set(equals < 0 ? variable : variable[..equals], equals < 0 ? "" : variable[(equals + 1)..]);
        }
        foreach (var name in GlobalVariables.Proxies)
        {
            if (globals.Given(name) is { } value)
                _arguments[name] = value;
        }
        foreach (var (name, value) in baseStage?._arguments ?? [])
            _arguments.TryAdd(name, value);
        _declared.UnionWith(baseStage?._declared ?? []);
    }

    /// <summary>ENV's variables in the order of their first mention, each as NAME=VALUE: those of the image.</summary>
    internal IReadOnlyList<string> Environment => [.. _names.Select(name => $"{name}={_environment[name]}")];

    /// <summary>What a RUN's command sees, each as NAME=VALUE: arguments, and ENV over them.</summary>
    internal IReadOnlyList<string> RunEnvironment => [.. _arguments.Where(argument => !_environment.ContainsKey(argument.Key))
        .OrderBy(argument => argument.Key, StringComparer.Ordinal).Select(argument => $"{argument.Key}={argument.Value}"), .. Environment];

    /// <summary>The arguments that a RUN depends on, in order, each as NAME=VALUE: its key in a cache, and what the history shows before the command. Proxies
    /// are in it only if the file declares them.</summary>
    internal IReadOnlyList<string> RunArguments => [.. _arguments.Keys.Where(name => !GlobalVariables.Proxies.Contains(name) || _declared.Contains(name)
        || _environment.ContainsKey(name)).Select(name => $"{name}={Value(name)}").Order(StringComparer.Ordinal)];

    /// <summary>The names of arguments that have a value, in order: what the history shows of an ARG.</summary>
    internal IReadOnlyList<string> ArgumentNames => [.. _arguments.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A variable's value; null if it isn't set here.</summary>
    internal string? Value(string name) => _environment.TryGetValue(name, out var value) || _arguments.TryGetValue(name, out value) ? value : null;

    /// <summary>Puts variables into a word of an instruction.</summary>
    /// <exception cref="ContainerEngineException">InvalidSubstitution, with file and line.</exception>
    internal string Expand(Instruction instruction, string word) => Expand(instruction, word, Value, _globals.Escape);

    /// <summary>The same where the values may be several words.</summary>
    /// <exception cref="ContainerEngineException">InvalidSubstitution, with file and line.</exception>
    internal IReadOnlyList<string> ExpandWords(Instruction instruction, string word)
    {
        try
        {
            return WordExpansion.ExpandWords(word, Value, _globals.Escape);
        }
        catch (ContainerEngineException error)
        {
            throw error.At(instruction);
        }
    }

    /// <summary>A here-document's text, with variables put in unless its name is quoted.</summary>
    /// <exception cref="ContainerEngineException">InvalidSubstitution, with file and line.</exception>
    internal string Expand(Instruction instruction, Heredoc heredoc)
    {
        try
        {
            return heredoc.Expand ? WordExpansion.ExpandText(heredoc.Content, Value, _globals.Escape) : heredoc.Content;
        }
        catch (ContainerEngineException error)
        {
            throw error.At(instruction);
        }
    }

    /// <summary>An ARG of the stage.</summary>
    /// <exception cref="ContainerEngineException">InvalidSubstitution or InvalidContainerfile, with file and line.</exception>
    internal void Declare(ArgInstruction instruction)
    {
        // All of one line are expanded with what was before it.
        var defaults = instruction.Arguments.Select(argument => argument.Value is null ? null : Expand(instruction, argument.Value)).ToArray();
        for (var i = 0; i < defaults.Length; i++)
        {
            var name = instruction.Arguments[i].Key;
            if (name is "TARGETPLATFORM" or "BUILDPLATFORM" && defaults[i] is not null)
                throw SyntaxErrors.Invalid(instruction.Place, $"{name} can't have a default", $"write ARG {name}, and choose it with --platform");
            _declared.Add(name);
            if ((_globals.Given(name) ?? _globals.Platform(name) ?? defaults[i] ?? _globals.Header(name)) is { } value)
                _arguments[name] = value;
        }
    }

    /// <summary>An ENV of the stage.</summary>
    /// <exception cref="ContainerEngineException">InvalidSubstitution, with file and line.</exception>
    internal void Set(EnvInstruction instruction)
    {
        // All of one line are expanded with what was before it.
        var variables = instruction.Variables.Select(variable => (Expand(instruction, variable.Key), Expand(instruction, variable.Value))).ToArray();
        foreach (var (name, value) in variables)
            Set(name, value);
    }

    /// <summary>A variable of the image.</summary>
    internal void Set(string name, string value)
    {
        if (!_environment.ContainsKey(name))
            _names.Add(name);
        _environment[name] = value;
    }

    /// <summary>Puts variables into a word; an error names the instruction's place.</summary>
    internal static string Expand(Instruction instruction, string word, Func<string, string?> variable, char escape)
    {
        try
        {
            return WordExpansion.Expand(word, variable, escape);
        }
        catch (ContainerEngineException error)
        {
            throw error.At(instruction);
        }
    }
}

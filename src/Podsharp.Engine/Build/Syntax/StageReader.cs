using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>Reads one stage: what its FROM means, and which earlier stages it needs.</summary>
/// <param name="earlier">The stages before it.</param>
/// <param name="escape">The file's escape character.</param>
/// <param name="globalVariable">What FROM sees.</param>
/// <param name="given">What the caller gives for arguments.</param>
/// <param name="contexts">Names that aren't stages.</param>
internal sealed class StageReader(IReadOnlyList<Stage> earlier, char escape, Func<string, string?> globalVariable, Func<string, string?> given,
    IReadOnlyCollection<string> contexts)
{
    // Defaults of the stage's own arguments, which names of other stages may be made of.
    private readonly Dictionary<string, string> _arguments = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _dependencies = [];

    /// <summary>Reads it.</summary>
    /// <exception cref="ContainerEngineException">InvalidContainerfile, InvalidSubstitution.</exception>
    internal Stage Read(FromInstruction from, IReadOnlyList<Instruction> instructions)
    {
        var image = Expand(from, from.Image, globalVariable);
        if (image.Length == 0)
            throw Blank(from);
        var platform = from.Platform is null ? null : Expand(from, from.Platform, globalVariable);
        var baseStage = StageOf(image);
        foreach (var after in from.After)
        {
            var name = Expand(from, after, globalVariable);
            _dependencies.Add(StagePlan.Find(earlier, name)?.Index ?? throw SyntaxErrors.Invalid(from.Place, $"there is no stage \"{name}\" before this one"));
        }
        foreach (var instruction in instructions)
            Note(instruction);
        return new(earlier.Count, from.Name is null ? null : Expand(from, from.Name, globalVariable), image, baseStage, platform is { Length: > 0 } ? platform : null,
            from, instructions, _dependencies);
    }

    private void Note(Instruction instruction)
    {
        switch (instruction)
        {
            case ArgInstruction argument:
                foreach (var (name, value) in argument.Arguments)
                {
                    if (value is not null)
                        _arguments[name] = Expand(instruction, value, Variable);
                }
                break;
            case CopyInstruction { From: { } from }:
                StageOf(Expand(instruction, from, Variable));
                break;
            case RunInstruction run:
                foreach (var mount in run.Mounts)
                {
                    var option = Expand(instruction, mount, Variable).Split(',').LastOrDefault(option => option.StartsWith("from=", StringComparison.Ordinal));
                    if (option is not null)
                        StageOf(option["from=".Length..]);
                }
                break;
        }
    }

    private int? StageOf(string name)
    {
        var stage = contexts.Contains(name) ? null : StagePlan.Find(earlier, name);
        if (stage is not null)
            _dependencies.Add(stage.Index);
        return stage?.Index;
    }

    private string? Variable(string name) => given(name) ?? (_arguments.TryGetValue(name, out var value) ? value : globalVariable(name));

    private string Expand(Instruction instruction, string word, Func<string, string?> variable) =>
        BuildVariables.Expand(instruction, word, variable, escape);

    private ContainerEngineException Blank(FromInstruction from)
    {
        var names = WordExpansion.Variables(from.Image, escape);
        return SyntaxErrors.Invalid(from.Place, $"FROM {from.Image} names no image", names.Count == 0 ? null
            : $"declare ARG {names.First()} before the first FROM, with a default or with --build-arg {names.First()}=VALUE");
    }
}

using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>A Containerfile that was read.</summary>
/// <param name="Instructions">All of them in order, from those before the first FROM on.</param>
/// <param name="Directives">What the comments at its top tell.</param>
/// <param name="Warnings">What is read but was hardly meant, with file and line.</param>
internal sealed record Containerfile(IReadOnlyList<Instruction> Instructions, Directives Directives, IReadOnlyList<string> Warnings)
{
    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="ContainerEngineException">InvalidContainerfile, with file and line.</exception>
    internal static Containerfile Parse(string text, string name) => Parse([(name, text)]);

    /// <summary>Reads several files as one: each goes on where the one before it ends.</summary>
    /// <exception cref="ContainerEngineException">InvalidContainerfile, with file and line; also if they escape with different characters.</exception>
    internal static Containerfile Parse(IReadOnlyList<(string Name, string Text)> files)
    {
        var parts = files.Select(file => new ContainerfileParser(file.Text, file.Name).ReadFile()).ToArray();
        var other = Array.FindIndex(parts, part => part.Directives.Escape != parts[0].Directives.Escape);
        if (other > 0)
            throw SyntaxErrors.Invalid(files[other].Name, $"its escape character is not that of {files[0].Name}");
        var all = new Containerfile([.. parts.SelectMany(part => part.Instructions)], parts[0].Directives, [.. parts.SelectMany(part => part.Warnings)]);
        var first = all.Instructions.FirstOrDefault(instruction => instruction is not ArgInstruction)
            ?? throw SyntaxErrors.Invalid(files[0].Name, "there is no FROM in it", "begin with FROM IMAGE, or FROM scratch");
        return first is FromInstruction ? all
            : throw SyntaxErrors.Invalid(first.Place, $"{first.Keyword} stands before the first FROM", "only ARG may stand there");
    }

    /// <summary>Reads the triggers of a base image, each of which is one instruction.</summary>
    /// <param name="triggers">What its ONBUILD instructions have left.</param>
    /// <param name="image">The image, for messages.</param>
    /// <exception cref="ContainerEngineException">InvalidContainerfile.</exception>
    internal static IReadOnlyList<Instruction> ParseTriggers(IEnumerable<string> triggers, string image) =>
        [.. triggers.SelectMany(trigger => new ContainerfileParser(trigger, $"ONBUILD of {image}").ReadInstructions()).Select(AllowTrigger)];

    private static Instruction AllowTrigger(Instruction instruction) => instruction is OnbuildInstruction or FromInstruction or MaintainerInstruction
        ? throw SyntaxErrors.Invalid(instruction.File, $"{instruction.Keyword} is not allowed as a trigger") : instruction;
}

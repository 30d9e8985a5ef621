using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>What is wrong with a Containerfile, said with its name and line.</summary>
internal static class SyntaxErrors
{
    /// <summary>An instruction that can't be understood.</summary>
    /// <param name="place">File and line: <c>Containerfile:3</c>.</param>
    /// <param name="problem">The sentence behind it.</param>
    /// <param name="remedy">The way out.</param>
    internal static ContainerEngineException Invalid(string place, string problem, string? remedy = null) =>
        new(ErrorKind.InvalidArgument, "InvalidContainerfile", $"{place}: {problem}", place, remedy);

    /// <summary>A word whose variables can't be put in; whoever knows the instruction adds its place (<see cref="At"/>).</summary>
    internal static ContainerEngineException Substitution(string word, string problem, string? remedy = null) =>
        new(ErrorKind.InvalidArgument, "InvalidSubstitution", $"\"{word}\" can't be expanded: {problem}", word, remedy);

    /// <summary>The same error with the place of the instruction that it comes from.</summary>
    internal static ContainerEngineException At(this ContainerEngineException error, Instruction instruction) =>
        new(error.Kind, error.ErrorId, $"{instruction.Place}: {error.Reason}", instruction.Place, error.Remedy, error);
}

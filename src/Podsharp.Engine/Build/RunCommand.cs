using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Images;

namespace Podsharp.Engine.Build;

/// <summary>What a RUN starts.</summary>
/// <param name="Arguments">The program with its arguments.</param>
/// <param name="Files">Here-documents that are files for it, by their paths in the container.</param>
internal sealed record RunCommand(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Files)
{
    private const string Directory = "/dev/pipes/";

    /// <summary>Makes it of an instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="section">Says which shell it is for.</param>
    internal static RunCommand Create(RunInstruction instruction, ImageConfigSection section)
    {
        if (!instruction.Command.Shell || instruction.Heredocs.Count == 0)
            return new(ConfigStep.Command(instruction.Command, section), new Dictionary<string, string>());
        var text = instruction.Command.Arguments[0];
        // A here-document alone is the script; one with an interpreter line is a program of its own.
        if (instruction.Heredocs is [var only] && text.TrimStart().StartsWith("<<", StringComparison.Ordinal) && !text.Trim().Contains(' '))
        {
            return only.Content.StartsWith("#!", StringComparison.Ordinal)
                ? new([Directory + only.Name], new Dictionary<string, string> { [Directory + only.Name] = only.Content })
                : new(ConfigStep.Command(new CommandForm(true, [only.Content]), section), new Dictionary<string, string>());
        }
        // Else the shell reads it, as it would in a script.
        var script = text + "\n" + string.Concat(instruction.Heredocs.Select(heredoc => $"{heredoc.Content}{heredoc.Name}\n"));
        return new(ConfigStep.Command(new CommandForm(true, [script]), section), new Dictionary<string, string>());
    }
}

using Podsharp.Model;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>A command line that can't be understood (exit code 125).</summary>
/// <param name="message">What is wrong.</param>
/// <param name="commandPath">The command whose help page tells more; empty for the program's own, null where help doesn't help.</param>
/// <param name="target">The word concerned.</param>
public sealed class CommandLineException(string message, string? commandPath, string? target = null)
    : ContainerEngineException(ErrorKind.InvalidArgument, "InvalidCommandLine", message, target)
{
    /// <summary>The command whose help page tells more.</summary>
    public string? CommandPath { get; } = commandPath;
}

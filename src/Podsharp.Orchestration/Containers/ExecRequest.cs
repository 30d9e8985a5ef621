using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;

namespace Podsharp.Orchestration.Containers;

/// <summary>What an <c>exec</c> command line asks for.</summary>
/// <param name="Spec">The command.</param>
/// <param name="Detach">Leave it running and print its id.</param>
/// <param name="DetachKeys">Keys that detach, as written; null for the default.</param>
public sealed record ExecRequest(ExecSpec Spec, bool Detach, string? DetachKeys)
{
    /// <summary>Reads a command line.</summary>
    /// <param name="line">The parsed command.</param>
    /// <param name="command">The arguments behind the container.</param>
    /// <param name="caller">The caller's directory, variables and files.</param>
    public static ExecRequest Build(ParsedCommand line, IReadOnlyList<string> command, CallerContext caller)
    {
        var detach = line.Flag("detach");
        var spec = new ExecSpec
        {
            Command = command,
            Terminal = line.Flag("tty"),
            Input = line.Flag("interactive") && !detach,
            User = line.Text("user"),
            WorkingDirectory = ContainerSpecBuilder.WorkingDirectory(line),
            Environment = ContainerSpecBuilder.Variables(line, caller),
            PreserveDescriptors = ContainerSpecBuilder.Descriptors(line),
            Privileged = line.Flag("privileged"),
            Detached = detach,
        };
        return new(spec, detach, line.Text("detach-keys"));
    }
}

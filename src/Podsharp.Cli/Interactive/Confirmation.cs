using Podsharp.Model;

namespace Podsharp.Cli.Interactive;

/// <summary>Asks whether something shall be done.</summary>
internal static class Confirmation
{
    /// <summary>Asks on standard output and reads the answer from standard input.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: nobody answers.</exception>
    internal static bool Asked(CommandContext context, string warning)
    {
        context.Out.WriteLine(warning);
        context.Out.Write("Are you sure you want to continue? [y/N] ");
        context.Out.Flush();
        using var reader = new StreamReader(context.In, leaveOpen: true);
        var answer = reader.ReadLine() ?? throw EngineErrors.InvalidArgument("there is no answer on standard input", null, "add --force");
        return answer.Trim().StartsWith("y", StringComparison.OrdinalIgnoreCase);
    }
}

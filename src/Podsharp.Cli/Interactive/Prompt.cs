using System.Globalization;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Cli.Interactive;

/// <summary>Asks the person at the terminal.</summary>
internal static class Prompt
{
    private const int StandardInput = 0;

    /// <summary>Whether there is somebody to ask.</summary>
    internal static bool IsPossible => Terminal.IsTerminal(StandardInput) && Terminal.IsTerminal(1);

    /// <summary>Asks for a line. A pipe may answer, too.</summary>
    /// <exception cref="ContainerEngineException">There is no answer (InvalidArgument).</exception>
    internal static async Task<string> LineAsync(CommandContext context, string question, string remedy)
    {
        context.Out.Write(question);
        context.Out.Flush();
        return (await ReadLineAsync(context))?.Trim() ?? throw EngineErrors.InvalidArgument("standard input gave no answer", null, remedy);
    }

    /// <summary>Asks which of several is meant; on standard error, so that what the command prints stays its own.</summary>
    /// <exception cref="ContainerEngineException">There is no answer (InvalidArgument).</exception>
    internal static async Task<string> ChooseAsync(CommandContext context, string question, IReadOnlyList<string> choices)
    {
        context.Error.WriteLine(question);
        for (var i = 0; i < choices.Count; i++)
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {i + 1}) {choices[i]}"));
        while (true)
        {
            context.Error.Write("Number [1]: ");
            context.Error.Flush();
            var answer = (await ReadLineAsync(context))?.Trim() ?? throw EngineErrors.InvalidArgument("standard input gave no answer", null, "write the full name");
            if (answer.Length == 0)
                return choices[0];
            if (int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= choices.Count)
                return choices[number - 1];
        }
    }

    /// <summary>Asks for a secret, which the terminal doesn't show.</summary>
    /// <exception cref="ContainerEngineException">Standard input is no terminal (InvalidArgument): what comes through a pipe would be taken by surprise.</exception>
    internal static async Task<string> SecretAsync(CommandContext context, string question, string remedy)
    {
        using var hidden = Terminal.HideInput(StandardInput)
            ?? throw EngineErrors.InvalidArgument("the password can't be asked for: standard input is not a terminal", null, remedy);
        context.Out.Write(question);
        context.Out.Flush();
        var answer = await ReadLineAsync(context);
        context.Out.WriteLine("");
        return answer ?? "";
    }

    /// <summary>Reads a line byte by byte: what follows it belongs to whoever reads next.</summary>
    private static async Task<string?> ReadLineAsync(CommandContext context)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await context.In.ReadAsync(one, context.Cancelled) == 1)
        {
            if (one[0] == '\n')
                return Text(line);
            line.Add(one[0]);
        }
        return line.Count > 0 ? Text(line) : null;
    }

    private static string Text(List<byte> line) => System.Text.Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
}

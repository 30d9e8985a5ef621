using System.Diagnostics;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Cli.Commands;

/// <summary>container runlabel: the command that an image carries in a label.</summary>
internal static class RunLabelCommands
{
    private static readonly string[] s_options = ["opt1", "opt2", "opt3"];

    internal static async Task<int> RunAsync(CommandContext context)
    {
        var line = context.Line;
        var (label, name) = (line.Arguments[0], line.Arguments[1]);
        await PullView.EnsureAsync(context, new() { Image = name, Registry = ContainerSpecBuilder.Registry(line, context.Caller) }, line.Flag("quiet"));
        var command = new RunLabel
        {
            Label = label,
            ImageName = name,
            Name = line.Text("name"),
            Arguments = [.. line.Arguments.Skip(2)],
            Variables = Variables(context),
        }.Read(await context.Engine.InspectImageAsync(name, context.Cancelled));
        if (line.Flag("display"))
        {
            context.Out.WriteLine($"command: {string.Join(' ', (string[])[context.Words[0], .. command.Skip(1)])}");
            return 0;
        }
        if (line.Flag("replace") && NameIn(command) is { } replaced)
            await context.Engine.RemoveContainerAsync(replaced, new RemoveOptions { Force = true, Ignore = true }, context.Cancelled);
        context.Out.Flush();
        return RunLabel.IsOurs(command[0]) ? await Program.RunAsync(context.Words[0], [.. GlobalWords(context), .. command.Skip(1)]) : Start(context, command);
    }

    private static Dictionary<string, string> Variables(CommandContext context)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PWD"] = context.Caller.Directory,
            ["HOME"] = context.Caller.Environment.GetValueOrDefault("HOME", ""),
        };
        foreach (var option in s_options)
            variables[option.ToUpperInvariant()] = context.Line.Text(option) ?? "";
        return variables;
    }

    private static string? NameIn(IReadOnlyList<string> command)
    {
        for (var i = 0; i < command.Count; i++)
        {
            if (command[i] == "--name" && i + 1 < command.Count)
                return command[i + 1];
            if (command[i].StartsWith("--name=", StringComparison.Ordinal))
                return command[i]["--name=".Length..];
        }
        return null;
    }

    // The label's command works on the same state as this one.
    private static IEnumerable<string> GlobalWords(CommandContext context)
    {
        var words = context.Words.Skip(1).ToList();
        return words.Take(CommandLineParser.ParseGlobals(words).Next);
    }

    private static int Start(CommandContext context, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false, RedirectStandardOutput = context.Line.Flag("quiet") };
        foreach (var word in command.Skip(1))
            start.ArgumentList.Add(word);
        try
        {
            using var process = Process.Start(start)!;
            if (start.RedirectStandardOutput)
                process.StandardOutput.BaseStream.CopyTo(Stream.Null);
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw EngineErrors.InvalidArgument($"the label's command \"{command[0]}\" can't be run: {error.Message}", command[0]);
        }
    }
}

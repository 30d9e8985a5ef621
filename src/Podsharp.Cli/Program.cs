using Podsharp.Cli.Commands;
using Podsharp.Cli.Native;
using Podsharp.Cli.Output;
using Podsharp.Engine;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;

namespace Podsharp.Cli;

/// <summary>The entry point.</summary>
internal static class Program
{
    private const string RuntimeName = "podsharp-chroot";

    internal static int Main(string[] words)
    {
        var name = Path.GetFileName(Environment.GetCommandLineArgs() is [{ Length: > 0 } first, ..] ? first : "podsharp");
        // As a dll it isn't told by which name it was started.
        if ((name == RuntimeName || name.EndsWith(".dll", StringComparison.Ordinal)) && EngineFactory.RunAsRuntime(words) is { } code)
            return code;
        return RunAsync(name.EndsWith(".dll", StringComparison.Ordinal) ? "podsharp" : name, words).GetAwaiter().GetResult();
    }

    /// <summary>Runs a command line, and says what goes wrong with it.</summary>
    internal static async Task<int> RunAsync(string name, string[] words)
    {
        var error = new TextOutput(new DescriptorStream(2));
        try
        {
            var (globals, next) = CommandLineParser.ParseGlobals(words);
            await using var context = Parse(globals, words, next, name);
            return await Dispatcher.RunAsync(context);
        }
        catch (BrokenPipeException)
        {
            return 128 + 13;
        }
        catch (CommandLineException e)
        {
            error.WriteLine("Error: " + e.Message);
            if (e.CommandPath is { } path)
                error.WriteLine($"See 'podsharp {(path.Length > 0 ? path + " " : "")}--help'");
            return ExitCodes.Error;
        }
        catch (ContainerEngineException e)
        {
            error.WriteLine("Error: " + e.Message);
            return ExitCodes.Error;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine("Error: " + e.Message);
            return ExitCodes.Error;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A defect: said in one sentence all the same; the stack is for who looks into it.
            error.WriteLine($"Error: internal error: {e.GetType().Name}: {e.Message}: please report it, with what --log-level debug adds");
            if (words.Contains("debug") || words.Contains("--log-level=debug"))
                error.WriteLine(e.ToString());
            return ExitCodes.Error;
        }
        finally
        {
            error.Flush();
        }
    }

    /// <summary>Finds the command and reads its words.</summary>
    private static CommandContext Parse(ParsedCommand globals, string[] words, int next, string name)
    {
        var output = new TextOutput(globals.Text("out") is { } path
            ? new FileStream(path, FileMode.Create, FileAccess.Write) : new DescriptorStream(1));
        var rest = new ArraySegment<string>(words, next, words.Length - next);
        IReadOnlyList<string> all = [name, .. words];
        if (rest.Count == 0 || globals.HelpWanted)
        {
            var version = globals.Flag("version") && !globals.HelpWanted;
            var command = CommandTable.Find(version ? "version" : "help")!;
            return new() { Line = new() { Command = command, Path = version ? "--version" : "" }, Globals = globals, Words = all, Out = output };
        }
        if (CommandTable.IsGroup(rest[0]) && (rest.Count == 1 || rest[1].StartsWith('-')))
        {
            var help = new ParsedCommand { Command = CommandTable.Find("help")!, Path = rest.Count == 1 ? "missing" : "help" };
            help.AddWord(rest[0]);
            return new() { Line = help, Globals = globals, Words = all, Out = output };
        }
        var (found, commandPath, taken) = CommandTable.Resolve(rest);
        var line = CommandLineParser.Parse(found, commandPath, rest.Slice(taken), globals);
        return new() { Line = line, Globals = globals, Words = all, Out = output };
    }
}

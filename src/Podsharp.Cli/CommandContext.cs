using System.Collections;
using Podsharp.Cli.Native;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Cli;

/// <summary>What a command works with: its words, the engine, the standard streams.</summary>
internal sealed class CommandContext : IAsyncDisposable
{
    private readonly CancellationTokenSource cancellation = new();
    private IContainerEngine? engine;
    private CallerContext? caller;

    /// <summary>The command's own options and arguments.</summary>
    internal required ParsedCommand Line { get; init; }
    /// <summary>The program's options.</summary>
    internal required ParsedCommand Globals { get; init; }
    /// <summary>The whole command line, with the program's name.</summary>
    internal required IReadOnlyList<string> Words { get; init; }
    /// <summary>Makes the engine.</summary>
    internal Func<EngineOptions, IContainerEngine> EngineFactory { get; init; } = Podsharp.Engine.EngineFactory.CreateLocal;
    /// <summary>Standard output.</summary>
    internal TextOutput Out { get; init; } = new(new DescriptorStream(1));
    /// <summary>Standard error.</summary>
    internal TextOutput Error { get; init; } = new(new DescriptorStream(2));
    /// <summary>Standard input.</summary>
    internal Stream In { get; init; } = new DescriptorStream(0);
    /// <summary>Cancelled by Ctrl+C.</summary>
    internal CancellationToken Cancelled => cancellation.Token;

    /// <summary>The engine, made when it is first needed.</summary>
    internal IContainerEngine Engine => engine ??= EngineFactory(GlobalOptions.ToEngine(Globals, Caller));

    /// <summary>The caller's directory and variables.</summary>
    internal CallerContext Caller => caller ??= new() { Directory = CurrentDirectory(), Environment = Variables() };

    /// <summary>The single positional argument.</summary>
    internal string Argument => Line.Arguments[0];

    internal void Cancel() => cancellation.Cancel();

    /// <summary>Prints an error as podman does.</summary>
    internal void Fail(string message)
    {
        Out.Flush();
        Error.WriteLine("Error: " + message);
        Error.Flush();
    }

    internal void Warn(string message)
    {
        Error.WriteLine("Warning: " + message);
        Error.Flush();
    }

    /// <summary>Says which runtime was chosen and why, where --log-level asks for such things.</summary>
    internal async Task TellRuntimeAsync()
    {
        if (Globals.Text("log-level") is not ("info" or "debug" or "trace"))
            return;
        var info = await Engine.GetInfoAsync(Cancelled);
        if (info.Runtime is { } runtime)
            Error.WriteLine($"Info: OCI runtime {runtime.Name} ({runtime.Path}){(info.RuntimeReason.Length > 0 ? ": " + info.RuntimeReason : "")}");
        foreach (var warning in info.Warnings)
            Error.WriteLine("Info: " + warning);
        Error.Flush();
    }

    /// <summary>Parses filters, or none.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Filters() => KeyValueParser.ParseFilters(Line.List("filter"));

    public async ValueTask DisposeAsync()
    {
        Out.Flush();
        Error.Flush();
        if (engine is not null)
            await engine.DisposeAsync();
        cancellation.Dispose();
    }

    private static string CurrentDirectory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "/"; // It was removed: only relative paths would need it.
        }
    }

    private static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return variables;
    }
}

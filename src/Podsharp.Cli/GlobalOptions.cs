using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Cli;

/// <summary>The program's options, as the engine takes them.</summary>
internal static class GlobalOptions
{
    internal static EngineOptions ToEngine(ParsedCommand globals, CallerContext caller)
    {
        var level = globals.Text("log-level")!;
        if (!CommandTable.Root.FindOption("log-level")!.Words.Contains(level))
            throw EngineErrors.InvalidArgument($"log level \"{level}\" is not supported", level, "choose from trace, debug, info, warn, error");
        string? Directory(string option) => globals.Text(option) is { Length: > 0 } path ? caller.Resolve(path) : null;
        return new()
        {
            Root = Directory("root"),
            RunRoot = Directory("runroot"),
            StateDirectory = Directory("state-dir"),
            TmpDirectory = Directory("tmpdir"),
            VolumePath = Directory("volumepath"),
            NetworkConfigDirectory = Directory("network-config-dir"),
            NetworkCommandPath = Directory("network-cmd-path"),
            StorageDriver = globals.Text("storage-driver"),
            StorageOptions = globals.List("storage-opt"),
            Runtime = globals.Text("runtime") is { } runtime && runtime.Contains('/') ? caller.Resolve(runtime) : globals.Text("runtime"),
            RuntimeFlags = globals.List("runtime-flag"),
            CdiDirectories = [.. globals.List("cdi-spec-dir").Select(caller.Resolve)],
            HookDirectories = [.. globals.List("hooks-dir").Select(caller.Resolve)],
            Conmon = Directory("conmon"),
            CgroupManager = globals.Text("cgroup-manager"),
            EventsBackend = globals.Text("events-backend"),
            ExecutablePath = OwnPath(),
            Environment = caller.Environment,
        };
    }

    /// <summary>This executable; null while it runs from a build tree through `dotnet`.</summary>
    private static string? OwnPath() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet" ? path : null;
}

using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The one table of commands and options: parser, help pages and completion are made from it.</summary>
public static class CommandTable
{
    /// <summary>The program itself and the options that may stand before any command.</summary>
    public static CommandDefinition Root { get; } = new(CommandId.Help, [""], "[options] [command]",
        "Run and manage OCI containers and images without a daemon", Globals);

    /// <summary>Groups of commands and what they are about.</summary>
    public static IReadOnlyList<(string Name, string Summary)> Groups { get; } =
    [
        ("artifact", "Manage OCI artifacts"),
        ("container", "Manage containers"),
        ("healthcheck", "Check containers' health"),
        ("image", "Manage images"),
        ("manifest", "Manage lists of images for several platforms"),
        ("pod", "Manage pods"),
        ("secret", "Manage secrets"),
        ("system", "Look at the engine and keep it tidy"),
        ("network", "Manage networks"),
        ("volume", "Manage volumes"),
    ];

    /// <summary>All commands.</summary>
    public static IReadOnlyList<CommandDefinition> Commands { get; } =
        [.. ContainerCommands.All(), .. CheckpointCommands.All(), .. ImageCommands.All(), .. ManifestCommands.All(), .. CopyCommands.All(), .. ArtifactCommands.All(), .. RegistryCommands.All(), .. TrustCommands.All(), .. NetworkCommands.All(), .. PodCommands.All(), .. SecretCommands.All(), .. VolumeCommands.All(), .. SystemCommands.All()];

    /// <summary>Finds a command by its whole path.</summary>
    public static CommandDefinition? Find(string path)
    {
        foreach (var command in Commands)
            if (command.Paths.Contains(path) || command.HiddenPaths.Contains(path))
                return command;
        return null;
    }

    /// <summary>Whether there is a group of this name.</summary>
    public static bool IsGroup(string name)
    {
        foreach (var group in Groups)
            if (group.Name == name)
                return true;
        return false;
    }

    /// <summary>Finds the command that words begin with.</summary>
    /// <returns>The command, its path and how many words it took.</returns>
    /// <exception cref="CommandLineException">There is no such command.</exception>
    public static (CommandDefinition Command, string Path, int Words) Resolve(IReadOnlyList<string> words)
    {
        if (IsGroup(words[0]) && words.Count > 1 && !words[1].StartsWith('-'))
        {
            var path = $"{words[0]} {words[1]}";
            // A few groups have one inside (image trust).
            if (words.Count > 2 && Find($"{path} {words[2]}") is { } inner)
                return (inner, $"{path} {words[2]}", 3);
            return (Find(path) ?? throw Unknown(path, words[0]), path, 2);
        }
        return (Find(words[0]) ?? throw Unknown(words[0], ""), words[0], 1);
    }

    private static CommandLineException Unknown(string path, string group) =>
        new($"unrecognized command `podsharp {path}`", group, path);

    private static IReadOnlyList<OptionDefinition> Globals() => ContainerOptions.Sorted([
        Text("root", "Directory of the image store", completion: CompletionKind.Directory),
        Text("runroot", "Directory of the image store's run-time state", completion: CompletionKind.Directory),
        Text("storage-driver", "Storage driver"),
        List("storage-opt", "Storage option"),
        Text("state-dir", "Directory of Podsharp's own state", completion: CompletionKind.Directory),
        Text("tmpdir", "Directory of Podsharp's own state that a reboot clears", completion: CompletionKind.Directory),
        Text("volumepath", "Directory of the volumes", completion: CompletionKind.Directory),
        Text("network-config-dir", "Directory of the network definitions", completion: CompletionKind.Directory),
        Text("runtime", "OCI runtime: a name or a path", completion: CompletionKind.File),
        List("runtime-flag", "Option for the OCI runtime, without its dashes"),
        Text("conmon", "Path of conmon", completion: CompletionKind.File),
        Choice("cgroup-manager", "Who makes cgroups: cgroupfs, systemd (scopes in slices)", '\0', null, "cgroupfs", "systemd"),
        Choice("events-backend", "Where events are kept: file, journald (systemd's journal) or none", '\0', null, "file", "journald", "none"),
        Choice("log-level", "How much to tell: error, warn, info, debug, trace", '\0', "warn", "trace", "debug", "info", "warn", "error", "fatal", "panic"),
        Text("out", "Send standard output to a file", completion: CompletionKind.File),
        Flag("version", "Print the version", 'v'),
        NotYet(Flag("remote", "Work on another host", 'r'), "false"),
        NotYet(Text("url", "Address of another host's service", aliases: "host")),
        NotYet(Text("connection", "Name of another host's service", 'c', aliases: "context")),
        NotYet(Text("identity", "SSH key", completion: CompletionKind.File)),
        NotYet(Text("ssh", "SSH client to use")),
        NotYet(Text("imagestore", "Further directory of images", completion: CompletionKind.Directory)),
        NotYet(Flag("transient-store", "Keep containers until the next boot only"), "false"),
        List("hooks-dir", "Directory of OCI hooks", completion: CompletionKind.Directory),
        NotYet(List("module", "Further configuration file", completion: CompletionKind.File)),
        List("cdi-spec-dir", "Directory of device descriptions (CDI)", completion: CompletionKind.Directory),
        NotYet(Flag("syslog", "Send messages to the system log"), "false"),
        Text("network-cmd-path", "Path of slirp4netns", completion: CompletionKind.File),
        NotYet(Text("tls-ca", "Certificate authority of another host", completion: CompletionKind.File)),
        NotYet(Text("tls-cert", "Certificate for another host", completion: CompletionKind.File)),
        NotYet(Text("tls-key", "Key for another host", completion: CompletionKind.File)),
        NoEffect(Hidden(Text("config", "Docker's configuration directory; nothing is read from it"))),
    ]);
}

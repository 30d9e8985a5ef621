using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on the engine itself.</summary>
internal static class SystemCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.Inspect, ["inspect"], "[options] NAME [NAME...]", "Show all about containers, images, networks or volumes", () =>
        [
            ContainerCommands.Format(),
            ContainerCommands.Latest(),
            Flag("size", "Compute sizes of containers", 's'),
            Choice("type", "What to look for: container, image, network, pod, volume, all", 't', "all", "all", "container", "image", "network", "pod", "volume"),
        ])
        { ArgumentCompletion = CompletionKind.AnyObject },
        new(CommandId.Info, ["system info", "info"], "[options]", "Show the engine, its parts and its host", () =>
        [
            ContainerCommands.Format(),
            NoEffect(Hidden(Flag("debug", "Nothing more to show", 'D'))),
        ])
        { MaximumArguments = 0 },
        new(CommandId.Version, ["version"], "[options]", "Show the version", () => [ContainerCommands.Format()])
        { MaximumArguments = 0 },
        new(CommandId.Events, ["system events", "events"], "[options]", "Show what happens", () =>
        [
            List("filter", "Show those for which this holds: type=, event=, container=, image=, pod=, volume=, network=, secret=, label=", 'f'),
            ContainerCommands.Format(short_: false),
            Flag("no-trunc", "Don't shorten ids", def: "true"),
            Text("since", "Not before: a time, or a duration before now"),
            Flag("stream", "Wait for more", def: "true"),
            Text("until", "Not after: a time, or a duration from now"),
        ])
        { MaximumArguments = 0, Examples = ["events --since 1h --stream=false", "events --filter event=died"] },
        new(CommandId.DiskUsage, ["system df"], "[options]", "Show what takes space", () =>
        [
            ContainerCommands.Format(short_: false),
            Flag("verbose", "Show each image, container and volume", 'v'),
        ])
        { MaximumArguments = 0 },
        new(CommandId.Check, ["system check"], "[options]", "Look for damage and leftovers, and repair them", () =>
        [
            Flag("force", "Repair it, also what costs images and containers", 'f'),
            ContainerCommands.Format(short_: false),
            Text("max", "How old a layer may be that nothing uses", 'm', "24h"),
            Flag("quick", "Don't read the layers' files", 'q'),
            Flag("repair", "Repair it, also what costs images", 'r'),
            Flag("repair-lossy", "The same as --force"),
        ])
        {
            MaximumArguments = 0,
            Description = "Looks at the image store, the state, mounts, network namespaces, addresses, port rules, lock files and copies of the executable.",
            Examples = ["system check --quick", "system check --repair"],
        },
        new(CommandId.SystemPrune, ["system prune"], "[options]", "Remove what nothing uses", () =>
        [
            Flag("all", "Remove all images that no container uses, not only those without a name", 'a'),
            Flag("build", "Remove containers that builds have left, too"),
            Flag("dry-run", "Show what would be removed, and what that would free"),
            Flag("external", "Remove files of the image store that no record names, and nothing else"),
            List("filter", "Remove those for which this holds: label=, label!=, until="),
            Flag("force", "Don't ask", 'f'),
            Flag("volumes", "Remove volumes that no container uses, too"),
        ])
        { MaximumArguments = 0, Examples = ["system prune --dry-run", "system prune --all --volumes --force"] },
        new(CommandId.BootUnit, ["system boot-unit"], "[options]", "Tell whether a reboot starts containers again, and see to it", () =>
        [
            Flag("disable", "Disable the systemd unit that starts them"),
            Flag("enable", "Enable the systemd unit that starts them"),
        ])
        {
            MaximumArguments = 0,
            Description = "Started are those with the restart policy always, and those with unless-stopped that no user had stopped. The unit is enabled, not started;\n"
                + "an ordinary user's needs lingering (loginctl enable-linger), which is enabled with it.",
            Examples = ["system boot-unit", "system boot-unit --enable"],
        },
        new(CommandId.Completion, ["completion"], "[options] SHELL", "Print a completion script for bash, zsh, fish or powershell", () =>
        [
            Text("file", "Write it to a file", 'f', completion: CompletionKind.File),
            NoEffect(Hidden(Flag("no-desc", "No descriptions"))),
        ])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Words, ArgumentWords = ["bash", "fish", "powershell", "zsh"] },
        new(CommandId.Help, ["help"], "[COMMAND...]", "Show help for a command", () => []) { ArgumentCompletion = CompletionKind.Command },
        new(CommandId.Supervise, ["supervise"], "", "Start containers again as their restart policies ask and check their health, as long as there is any to wait for", () => [])
        { Hidden = true, MaximumArguments = 0 },
        new(CommandId.ForwardPorts, ["forward-ports"], "CONTAINER NAME", "Forward the published ports of an ordinary user's container, by the descriptors that the engine gives", () => [])
        { Hidden = true, MinimumArguments = 2, MaximumArguments = 2 },
        new(CommandId.Complete, ["__complete"], "", "Answer a completion script", () => []) { Hidden = true, Interspersed = false },
    ];
}

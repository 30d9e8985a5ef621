using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on volumes.</summary>
internal static class VolumeCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.VolumeCreate, ["volume create"], "[options] [NAME]", "Make a volume", () =>
        [
            NotYet(Text("driver", "Volume driver", 'd', "local"), "local"),
            NotYet(List("opt", "Driver option", 'o')),
            Flag("ignore", "Don't mind a volume that exists"),
            List("label", "Set a label (NAME=value)", 'l'),
            Number("uid", "Owner of its directory"),
            Number("gid", "Group of its directory"),
        ])
        { MaximumArguments = 1 },
        new(CommandId.VolumeList, ["volume ls"], "[options]", "List volumes", () =>
        [
            List("filter", "Show those for which this holds: name=, label=, driver=", 'f'),
            ContainerCommands.Format(short_: false),
            Flag("noheading", "No heading line", 'n'),
            Flag("quiet", "Print names only", 'q'),
        ])
        { HiddenPaths = ["volume list"], MaximumArguments = 0 },
        new(CommandId.VolumeRemove, ["volume rm"], "[options] VOLUME [VOLUME...]", "Remove volumes", () =>
        [
            Flag("all", "Remove all volumes", 'a'),
            Flag("force", "Remove containers that use it, too", 'f'),
            NotYet(Number("time", "With --force: seconds until SIGKILL", 't')),
        ])
        { HiddenPaths = ["volume remove"], ArgumentCompletion = CompletionKind.Volume },
        new(CommandId.ImportPodmanVolume, ["volume import-podman"], "[options] [VOLUME...]", "Make volumes as podman has them", () =>
            [.. ContainerOptions.PodmanImport("volumes"), Flag("copy-data", "Copy their files, with owners and attributes")])
        {
            Description = "Reads podman's database, which is never written, and makes volumes of the same names and labels.",
            Examples = ["volume import-podman --copy-data data", "volume import-podman --all --dry-run"],
        },
        new(CommandId.VolumePrune, ["volume prune"], "[options]", "Remove volumes that no container uses", () =>
        [
            Flag("dry-run", "Show what would be removed"),
            List("filter", "Remove those for which this holds: label=, label!="),
            Flag("force", "Don't ask", 'f'),
        ])
        { MaximumArguments = 0 },
        new(CommandId.VolumeInspect, ["volume inspect"], "[options] VOLUME [VOLUME...]", "Show all about volumes", () =>
        [
            Flag("all", "Show all volumes", 'a'),
            ContainerCommands.Format(),
        ])
        { ArgumentCompletion = CompletionKind.Volume },
        new(CommandId.VolumeExists, ["volume exists"], "VOLUME", "Tell by the exit code whether a volume exists", () => [])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Volume, Description = "Exit code 0 if it exists, 1 if not, 125 if that can't be told." },
    ];
}

using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on volumes.</summary>
internal static class VolumeCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.VolumeCreate, ["volume create"], "[options] [NAME]", "Make a volume", () =>
        [
            Text("driver", "Who makes it: local, or image for an image's files", 'd', "local") with { Completion = CompletionKind.Words, Words = ["local", "image"] },
            List("opt", "Driver option: type=, device= and o= of mount(8), copy, nocopy; image= of the driver image", 'o'),
            Flag("ignore", "Don't mind a volume that exists"),
            List("label", "Set a label (NAME=value)", 'l'),
            Number("uid", "Owner of its directory"),
            Number("gid", "Group of its directory"),
        ])
        {
            MaximumArguments = 1,
            Description = "What has a type or a device is mounted while it is used. In o=, uid and gid are the owner of the directory, size limits memory. A limit for a plain directory takes project quotas.",
            Examples = ["volume create data", "volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=100m,mode=1777 scratch", "volume create --driver image --opt image=site site"],
        },
        new(CommandId.VolumeList, ["volume ls"], "[options]", "List volumes", () =>
        [
            List("filter", "Show those for which this holds: name=, label=, label!=, driver=, opt=, scope=, dangling=, until=, since=", 'f'),
            ContainerCommands.Format(short_: false),
            Flag("noheading", "No heading line", 'n'),
            Flag("quiet", "Print names only", 'q'),
        ])
        { HiddenPaths = ["volume list"], MaximumArguments = 0 },
        new(CommandId.VolumeRemove, ["volume rm"], "[options] VOLUME [VOLUME...]", "Remove volumes", () =>
        [
            Flag("all", "Remove all volumes", 'a'),
            Flag("force", "Remove containers that use it, too", 'f'),
            Number("time", "With --force: seconds until SIGKILL", 't'),
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
            List("filter", "Remove those for which this holds: label=, label!=, name=, driver=, opt=, until=, since="),
            Flag("force", "Don't ask", 'f'),
        ])
        { MaximumArguments = 0 },
        new(CommandId.VolumeExport, ["volume export"], "[options] VOLUME", "Write a volume's content as a tar archive", () =>
            [Text("output", "File to write; standard output if not given", 'o', completion: CompletionKind.File)])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Volume, Examples = ["volume export data --output data.tar", "volume export data | zstd > data.tar.zst"] },
        new(CommandId.VolumeImport, ["volume import"], "VOLUME FILE|-", "Unpack a tar archive, plain or compressed, into a volume", () => [])
        { MinimumArguments = 2, MaximumArguments = 2, ArgumentCompletion = CompletionKind.Volume, Examples = ["volume import data data.tar", "zstd -dc data.tar.zst | podsharp volume import data -"] },
        new(CommandId.VolumeMount, ["volume mount"], "VOLUME [VOLUME...]", "Mount what a volume's driver mounts, and print where", () => [])
        { MinimumArguments = 1, ArgumentCompletion = CompletionKind.Volume, Description = "Mounts are counted: it stays mounted until each was taken back." },
        new(CommandId.VolumeUnmount, ["volume unmount"], "VOLUME [VOLUME...]", "Take back what mount did", () => [])
        { HiddenPaths = ["volume umount"], MinimumArguments = 1, ArgumentCompletion = CompletionKind.Volume },
        new(CommandId.VolumeReload, ["volume reload"], "", "Bring what is noted of volumes in line with the host", () => [])
        { MaximumArguments = 0, Description = "There are no volume plugins that could have further volumes." },
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

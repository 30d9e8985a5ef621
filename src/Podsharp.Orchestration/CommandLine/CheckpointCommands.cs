using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands that save containers' processes and bring them back.</summary>
internal static class CheckpointCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.Checkpoint, ["container checkpoint"], "[options] CONTAINER [CONTAINER...]", "Save the processes of running containers, to go on with them later", Checkpoint)
        {
            ArgumentCompletion = CompletionKind.RunningContainer,
            Description = "The containers have ended then, unless --leave-running is given. Their checkpoints outlive a reboot.",
            Examples = ["container checkpoint web", "container checkpoint --all", "container checkpoint --pre-checkpoint web && podsharp container checkpoint --with-previous web"],
        },
        new(CommandId.Restore, ["container restore"], "[options] CONTAINER [CONTAINER...]", "Go on with the processes of containers that were checkpointed", Restore)
        {
            ArgumentCompletion = CompletionKind.StoppedContainer,
            Description = "The containers get the addresses that they had. Without --keep their checkpoints go.",
            Examples = ["container restore web", "container restore --all", "container restore --keep --tcp-close web"],
        },
    ];

    private static IReadOnlyList<OptionDefinition> Checkpoint() =>
    [
        Flag("all", "Checkpoint all running containers", 'a'),
        NotYet(Choice("compress", "How the archive is compressed", 'c', null, "zstd", "gzip", "none")),
        NotYet(Text("create-image", "Make an image of the checkpoint")),
        NotYet(Text("export", "Write the checkpoint to an archive", 'e', completion: CompletionKind.File)),
        Flag("file-locks", "Take file locks along"),
        NotYet(Flag("ignore-rootfs", "Leave changes of the root file system out of the archive"), "false"),
        NotYet(Flag("ignore-volumes", "Leave volumes out of the archive"), "false"),
        Flag("keep", "Keep CRIU's log and statistics", 'k'),
        ContainerCommands.Latest(),
        Flag("leave-running", "Let the containers run on", 'R'),
        Flag("pre-checkpoint", "Save memory only, while the container runs on: the first of two rounds", 'P'),
        Flag("print-stats", "Print how long it took and what was written, as JSON"),
        Flag("tcp-established", "Take established TCP connections along"),
        Flag("with-previous", "Save what has changed since the first round"),
    ];

    private static IReadOnlyList<OptionDefinition> Restore() =>
    [
        Flag("all", "Restore all checkpointed containers", 'a'),
        Flag("file-locks", "Bring file locks back"),
        NotYet(Flag("ignore-rootfs", "Leave changes of the root file system in the archive"), "false"),
        Flag("ignore-static-ip", "Take any addresses, not those that the container had"),
        Flag("ignore-static-mac", "Take any MAC addresses, not those that the container had"),
        NotYet(Flag("ignore-volumes", "Leave volumes in the archive"), "false"),
        NotYet(Text("import", "Restore from an archive", 'i', completion: CompletionKind.File)),
        NotYet(Text("import-previous", "Archive with the first round", completion: CompletionKind.File)),
        Flag("keep", "Keep the checkpoint, CRIU's log and statistics", 'k'),
        ContainerCommands.Latest(),
        NotYet(Text("name", "Another name for the container from the archive", 'n')),
        NotYet(Text("pod", "Pod for the container from the archive", completion: CompletionKind.Pod)),
        Flag("print-stats", "Print how long it took and what was read, as JSON"),
        NotYet(List("publish", "Publish other ports", 'p')),
        Flag("tcp-close", "Close the TCP connections that were established"),
        Flag("tcp-established", "Bring established TCP connections back"),
    ];
}

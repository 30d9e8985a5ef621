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
            Examples = ["container checkpoint web", "container checkpoint --all", "container checkpoint --pre-checkpoint web && podsharp container checkpoint --with-previous web",
                "container checkpoint --export /tmp/web.tar.zst web", "container checkpoint --create-image localhost/web-checkpoint web"],
        },
        new(CommandId.Restore, ["container restore"], "[options] CONTAINER|IMAGE [CONTAINER|IMAGE...]", "Go on with the processes of containers that were checkpointed", Restore)
        {
            ArgumentCompletion = CompletionKind.StoppedContainer,
            Description = "The containers get the addresses that they had. Without --keep their checkpoints go. An archive (--import) or an image of a checkpoint becomes a container first, "
                + "with all that it had; its image has to be here, or where it can be pulled from.",
            Examples = ["container restore web", "container restore --all", "container restore --keep --tcp-close web", "container restore --import /tmp/web.tar.zst",
                "container restore --import /tmp/web.tar.zst --name web2 --publish 8081:80", "container restore localhost/web-checkpoint"],
        },
    ];

    private static IReadOnlyList<OptionDefinition> Checkpoint() =>
    [
        Flag("all", "Checkpoint all running containers", 'a'),
        Choice("compress", "How the archive is compressed (zstd)", 'c', null, "zstd", "gzip", "none"),
        Text("create-image", "Make an image of the checkpoint"),
        Text("export", "Write the checkpoint, with all that the container has, to an archive", 'e', completion: CompletionKind.File),
        Flag("file-locks", "Take file locks along"),
        Flag("ignore-rootfs", "Leave changes of the root file system out of the archive"),
        Flag("ignore-volumes", "Leave volumes out of the archive"),
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
        Flag("ignore-rootfs", "Leave changes of the root file system in the archive"),
        Flag("ignore-static-ip", "Take any addresses, not those that the container had"),
        Flag("ignore-static-mac", "Take any MAC addresses, not those that the container had"),
        Flag("ignore-volumes", "Leave the content of volumes in the archive: they may exist then"),
        Text("import", "Make the container of an archive", 'i', completion: CompletionKind.File),
        Text("import-previous", "Archive with the first round, which the other one goes on from", completion: CompletionKind.File),
        Flag("keep", "Keep the checkpoint, CRIU's log and statistics", 'k'),
        ContainerCommands.Latest(),
        Text("name", "Another name (and id, and addresses) for the container from the archive or image", 'n'),
        Text("pod", "Pod for the container from the archive or image", completion: CompletionKind.Pod),
        Flag("print-stats", "Print how long it took and what was read, as JSON"),
        Commas("publish", "Publish other ports than those that it had", 'p'),
        Flag("tcp-close", "Close the TCP connections that were established"),
        Flag("tcp-established", "Bring established TCP connections back"),
    ];
}

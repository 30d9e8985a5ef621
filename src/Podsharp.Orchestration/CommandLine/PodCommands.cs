using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on pods.</summary>
internal static class PodCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.PodCreate, ["pod create"], "[options] [NAME]", "Make a new pod", Create)
        {
            Interspersed = false,
            MaximumArguments = 1,
            Description = "The pod is not started. Its infra container holds the namespaces that its containers share; ports, networks and names are the pod's.",
            Examples = ["pod create --name web -p 8080:80", "pod create --share +pid --exit-policy stop job"],
        },
        new(CommandId.PodList, ["pod ps"], "[options]", "List pods", List) { HiddenPaths = ["pod ls", "pod list"], MaximumArguments = 0, Examples = ["pod ps --ctr-names", "pod ps --filter status=running -q"] },
        new(CommandId.PodInspect, ["pod inspect"], "[options] POD [POD...]", "Show all about pods", () => [ContainerCommands.Format(), Latest()]) { ArgumentCompletion = CompletionKind.Pod },
        new(CommandId.PodExists, ["pod exists"], "POD", "Tell by the exit code whether a pod exists", () => [])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Pod, Description = "Exit code 0 if it exists, 1 if not, 125 if that can't be told." },
        new(CommandId.PodStart, ["pod start"], "[options] POD [POD...]", "Start pods", () => [Flag("all", "Start all pods", 'a'), Latest(), IdFile()])
        { ArgumentCompletion = CompletionKind.Pod, Description = "Init containers run to their ends first, then the others start in the order of their dependencies." },
        new(CommandId.PodStop, ["pod stop"], "[options] POD [POD...]", "Stop pods", () =>
        [
            Flag("all", "Stop all running pods", 'a'),
            Flag("ignore", "Don't mind a pod that doesn't exist", 'i'),
            Latest(),
            IdFile(),
            Number("time", "Seconds until SIGKILL", 't', aliases: "timeout"),
        ])
        { ArgumentCompletion = CompletionKind.Pod, Examples = ["pod stop web", "pod stop -t 2 -a"] },
        new(CommandId.PodRestart, ["pod restart"], "[options] POD [POD...]", "Stop and start all containers of pods", () => [Flag("all", "Restart all pods", 'a'), Latest()]) { ArgumentCompletion = CompletionKind.Pod },
        new(CommandId.PodKill, ["pod kill"], "[options] POD [POD...]", "Send a signal to the containers of pods", () =>
        [
            Flag("all", "Signal all pods", 'a'),
            Latest(),
            Text("signal", "The signal", 's', "KILL", CompletionKind.Signal),
        ])
        { ArgumentCompletion = CompletionKind.Pod, Examples = ["pod kill -s HUP web"] },
        new(CommandId.PodPause, ["pod pause"], "[options] POD [POD...]", "Freeze the processes of pods", () => [Flag("all", "Freeze all running pods", 'a'), Latest()]) { ArgumentCompletion = CompletionKind.Pod },
        new(CommandId.PodUnpause, ["pod unpause"], "[options] POD [POD...]", "Let the processes of paused pods go on", () => [Flag("all", "Let all paused pods go on", 'a'), Latest()])
        { ArgumentCompletion = CompletionKind.Pod },
        new(CommandId.PodRemove, ["pod rm"], "[options] POD [POD...]", "Remove pods with their containers", () =>
        [
            Flag("all", "Remove all pods", 'a'),
            Flag("force", "Stop running containers first", 'f'),
            Flag("ignore", "Don't mind a pod that doesn't exist", 'i'),
            Latest(),
            IdFile(),
            Number("time", "With --force: seconds until SIGKILL", 't'),
        ])
        { HiddenPaths = ["pod remove"], ArgumentCompletion = CompletionKind.Pod, Examples = ["pod rm web", "pod rm -f -a"] },
        new(CommandId.PodLogs, ["pod logs"], "[options] POD", "Show what the containers of a pod wrote", Logs) { MaximumArguments = 1, ArgumentCompletion = CompletionKind.Pod, Examples = ["pod logs -n web", "pod logs -c cache web"] },
        new(CommandId.PodTop, ["pod top"], "[options] POD [DESCRIPTOR...]", "Show the processes of a pod", () => [Latest()])
        {
            Interspersed = false,
            ArgumentCompletion = CompletionKind.Pod,
            RestCompletion = CompletionKind.Words,
            ArgumentWords = Model.ProcessDescriptors.All,
        },
        new(CommandId.PodStats, ["pod stats"], "[options] [POD...]", "Show what the containers of pods use", Stats) { ArgumentCompletion = CompletionKind.Pod },
        new(CommandId.PodClone, ["pod clone"], "[options] POD [NAME]", "Make a pod like another one, with copies of its containers", Clone)
        { MinimumArguments = 1, MaximumArguments = 2, ArgumentCompletion = CompletionKind.Pod, RestCompletion = CompletionKind.None, Examples = ["pod clone web", "pod clone --destroy --start web web2"] },
        new(CommandId.PodPrune, ["pod prune"], "[options]", "Remove all pods that ran and have ended", () => [Flag("force", "Don't ask", 'f')]) { MaximumArguments = 0 },
    ];

    private static IReadOnlyList<OptionDefinition> Clone() => ContainerOptions.Sorted(
    [
        .. ContainerOptions.PodClone(),
        Flag("destroy", "Remove the other one once this one is made, even if it runs"),
        Text("infra-command", "What the infra container runs"),
        Text("infra-conmon-pidfile", "Write the process ID of the infra container's conmon to a file", completion: CompletionKind.File),
        Text("infra-name", "Name the infra container"),
        Text("name", "Its name", 'n'),
        Flag("start", "Start it"),
    ]);

    private static IReadOnlyList<OptionDefinition> Logs() =>
    [
        Flag("color", "Show each container in another colour"),
        Text("container", "Only this container of the pod", 'c', completion: CompletionKind.Container),
        Flag("follow", "Go on until the containers end", 'f'),
        Latest(),
        Flag("names", "Begin lines with the containers' names, not their IDs", 'n'),
        Text("since", "Not before: a time, or a duration before now"),
        Text("tail", "The last so many lines of each container", def: "-1"),
        Flag("timestamps", "Begin lines with the time", 't'),
        Text("until", "Not after: a time, or a duration before now"),
    ];

    private static IReadOnlyList<OptionDefinition> Stats() =>
    [
        Flag("all", "All pods; so it is without names", 'a'),
        ContainerCommands.Format(short_: false),
        Latest(),
        Flag("no-reset", "Don't clear the screen"),
        Flag("no-stream", "Look once"),
    ];

    internal static OptionDefinition Latest() => Flag("latest", "Take the newest pod", 'l');

    private static OptionDefinition IdFile() => OptionBuilder.List("pod-id-file", "Read a pod's ID from a file", completion: CompletionKind.File);

    private static IReadOnlyList<OptionDefinition> Create() => ContainerOptions.Sorted(
    [
        .. ContainerOptions.Pod(),
        Choice("exit-policy", "What to do when the last container has ended: continue, stop", '\0', "continue", "continue", "stop"),
        Flag("infra", "Make a container that holds the shared namespaces", def: "true"),
        Text("infra-command", "What the infra container runs, rather than catatonit"),
        Text("infra-conmon-pidfile", "Write the process ID of the infra container's conmon to a file", completion: CompletionKind.File),
        Text("infra-image", "An image for the infra container, which has none otherwise", completion: CompletionKind.Image),
        Text("infra-name", "Name the infra container"),
        Text("name", "Name the pod", 'n'),
        Text("pod-id-file", "Write the pod's ID to a file", completion: CompletionKind.File),
        Flag("replace", "Remove a pod of the same name first"),
        Text("share", "Namespaces to share: cgroup, ipc, net, pid, user, uts, with commas; + before them for beside the usual ones; none", def: "ipc,net,uts"),
        Flag("share-parent", "Make the control groups of the containers in the pod's", def: "true"),
    ]);

    private static IReadOnlyList<OptionDefinition> List() =>
    [
        Flag("ctr-ids", "Show the containers' IDs"),
        Flag("ctr-names", "Show the containers' names"),
        Flag("ctr-status", "Show the containers' states"),
        OptionBuilder.List("filter", "Show those for which this holds: name=, id=, status=, label=, ctr-names=, network=, until=, ...", 'f'),
        ContainerCommands.Format(short_: false),
        Latest(),
        Flag("no-trunc", "Don't shorten"),
        Flag("noheading", "No heading line", 'n'),
        Flag("ns", "Show control groups", aliases: "namespace"),
        Flag("quiet", "Print IDs only", 'q'),
        Choice("sort", "Sort by created, id, name, number or status", '\0', "created", "created", "id", "name", "number", "status"),
    ];
}

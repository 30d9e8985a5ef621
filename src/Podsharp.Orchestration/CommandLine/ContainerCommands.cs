using Podsharp.Model;
using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on containers.</summary>
internal static class ContainerCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.Run, ["container run", "run"], "[options] IMAGE [COMMAND [ARG...]]", "Run a command in a new container", ContainerOptions.Run)
        {
            Interspersed = false,
            MinimumArguments = 1,
            ArgumentCompletion = CompletionKind.Image,
            RestCompletion = CompletionKind.None,
            Examples = ["run --rm -it alpine sh", "run -d --name web -p 8080:80 nginx", "run --rm -v ./data:/data:ro -m 512m alpine ls /data"],
        },
        new(CommandId.Create, ["container create", "create"], "[options] IMAGE [COMMAND [ARG...]]", "Make a new container without starting it", ContainerOptions.Create)
        {
            Interspersed = false,
            MinimumArguments = 1,
            ArgumentCompletion = CompletionKind.Image,
            RestCompletion = CompletionKind.None,
            Examples = ["create --name db -v data:/var/lib/postgresql/data postgres"],
        },
        new(CommandId.Start, ["container start", "start"], "[options] CONTAINER [CONTAINER...]", "Start containers", () =>
        [
            Flag("all", "Start all containers that don't run"),
            Flag("attach", "Connect to the container's output", 'a'),
            Text("detach-keys", "Keys that detach from the container"),
            List("filter", "Choose containers by filter", 'f'),
            Flag("interactive", "Connect to the container's input", 'i'),
            Latest(),
            Flag("sig-proxy", "Pass signals on to the container's process (with --attach)"),
        ])
        { ArgumentCompletion = CompletionKind.StoppedContainer, Examples = ["start web", "start -ai shell"] },
        new(CommandId.Stop, ["container stop", "stop"], "[options] CONTAINER [CONTAINER...]", "Stop containers", () =>
        [
            Flag("all", "Stop all running containers", 'a'),
            List("cidfile", "Read a container's ID from a file", completion: CompletionKind.File),
            List("filter", "Choose containers by filter", 'f'),
            Flag("ignore", "Don't mind a container that doesn't exist", 'i'),
            Latest(),
            Hidden(Flag("service", "For the end of the system: it doesn't count as stopped by a user")),
            Number("time", "Seconds until SIGKILL; -1 to wait for ever", 't', aliases: "timeout"),
        ])
        { ArgumentCompletion = CompletionKind.RunningContainer, Examples = ["stop web", "stop -t 2 -a"] },
        new(CommandId.Restart, ["container restart", "restart"], "[options] CONTAINER [CONTAINER...]", "Stop and start containers", () =>
        [
            Flag("all", "Restart all containers", 'a'),
            List("cidfile", "Read a container's ID from a file", completion: CompletionKind.File),
            List("filter", "Choose containers by filter", 'f'),
            Latest(),
            Flag("running", "Restart all running containers"),
            Number("time", "Seconds until SIGKILL; -1 to wait for ever", 't', aliases: "timeout"),
        ])
        { ArgumentCompletion = CompletionKind.Container },
        new(CommandId.Init, ["container init", "init"], "[options] CONTAINER [CONTAINER...]", "Set containers up without starting them", () =>
        [
            Flag("all", "Set up all containers", 'a'),
            Latest(),
        ])
        { ArgumentCompletion = CompletionKind.StoppedContainer },
        new(CommandId.Pause, ["container pause", "pause"], "[options] CONTAINER [CONTAINER...]", "Freeze the processes of containers", Freeze)
        { ArgumentCompletion = CompletionKind.RunningContainer, Examples = ["pause web", "pause --all"] },
        new(CommandId.Unpause, ["container unpause", "unpause"], "[options] CONTAINER [CONTAINER...]", "Let the processes of paused containers go on", Freeze)
        { ArgumentCompletion = CompletionKind.Container, Examples = ["unpause web", "unpause --all"] },
        new(CommandId.Rename, ["container rename", "rename"], "CONTAINER NAME", "Give a container another name", () => [])
        { MinimumArguments = 2, MaximumArguments = 2, ArgumentCompletion = CompletionKind.Container, RestCompletion = CompletionKind.None },
        new(CommandId.Update, ["container update", "update"], "[options] CONTAINER [CONTAINER...]", "Change the limits, networks, ports, restart policy and variables of containers",
            ContainerOptions.Update)
        {
            ArgumentCompletion = CompletionKind.Container,
            Description = "Limits, networks and ports change at once, also of what runs; with networks and ports open connections drop. Variables and process limits hold\n"
                + "from the next start on.",
            Examples = ["update --memory 512m --cpus 1.5 web", "update --restart unless-stopped web", "update --publish 8080:80 --publish 8443:443 web"],
        },
        new(CommandId.Port, ["container port", "port"], "[options] CONTAINER [PORT[/PROTOCOL]]", "Show the published ports of a container", () =>
        [
            Flag("all", "Show the ports of all running containers", 'a'),
            Latest(),
        ])
        { MaximumArguments = 2, ArgumentCompletion = CompletionKind.RunningContainer, RestCompletion = CompletionKind.None, Examples = ["port web", "port web 80/tcp"] },
        new(CommandId.ImportPodmanContainer, ["container import-podman"], "[options] [CONTAINER...]", "Define containers as podman has them", () =>
            ContainerOptions.PodmanImport("containers"))
        {
            Description = "Reads podman's database, which is never written, and defines the same containers here. Their files stay with podman.",
            Examples = ["container import-podman web", "container import-podman --all --dry-run"],
        },
        new(CommandId.ContainerPrune, ["container prune"], "[options]", "Remove all containers that don't run", () =>
        [
            List("filter", "Choose containers by filter: label=, label!=, until="),
            Flag("force", "Don't ask", 'f'),
        ])
        { MaximumArguments = 0, Examples = ["container prune --filter until=24h"] },
        new(CommandId.Kill, ["container kill", "kill"], "[options] CONTAINER [CONTAINER...]", "Send a signal to containers", () =>
        [
            Flag("all", "Signal all running containers", 'a'),
            List("cidfile", "Read a container's ID from a file", completion: CompletionKind.File),
            Latest(),
            Text("signal", "The signal", 's', "KILL", CompletionKind.Signal),
        ])
        { ArgumentCompletion = CompletionKind.RunningContainer, Examples = ["kill -s HUP web"] },
        new(CommandId.Wait, ["container wait", "wait"], "[options] CONTAINER [CONTAINER...]", "Wait for containers to end and print their exit codes", () =>
        [
            Commas("condition", "What to wait for: stopped, exited, running, healthy, unhealthy, paused, created, initialized, stopping, removing, removed or unknown") with
            {
                Completion = CompletionKind.Words,
                Words = ["created", "exited", "healthy", "initialized", "paused", "removed", "removing", "running", "stopped", "stopping", "unhealthy", "unknown"],
            },
            Flag("exit-first-match", "Return when the first container got there"),
            Flag("ignore", "Don't mind a container that doesn't exist"),
            NoEffect(Text("interval", "Time between looks; nothing is polled here", 'i', "250ms")),
            Latest(),
        ])
        { ArgumentCompletion = CompletionKind.Container },
        new(CommandId.HealthCheck, ["healthcheck run"], "[options] CONTAINER", "Run a container's health check now", () =>
        [
            Hidden(Flag("ignore-result", "End with exit code 0 whatever the check says")),
        ])
        {
            MinimumArguments = 1,
            MaximumArguments = 1,
            ArgumentCompletion = CompletionKind.RunningContainer,
            Description = "The exit code is 0 when the check succeeds, 1 when it fails and 125 when it can't be run or takes too long.",
            Examples = ["healthcheck run web"],
        },
        new(CommandId.Remove, ["container rm", "rm"], "[options] CONTAINER [CONTAINER...]", "Remove containers", () =>
        [
            Flag("all", "Remove all containers", 'a'),
            List("cidfile", "Read a container's ID from a file", completion: CompletionKind.File),
            Flag("depend", "Remove the containers that depend on it, too"),
            List("filter", "Choose containers by filter"),
            Flag("force", "Stop a running container first", 'f'),
            Flag("ignore", "Don't mind a container that doesn't exist", 'i'),
            Latest(),
            Number("time", "With --force: seconds until SIGKILL", 't'),
            Flag("volumes", "Remove its anonymous volumes, too", 'v'),
        ])
        { ArgumentCompletion = CompletionKind.Container, Examples = ["rm web", "rm -f -a"] },
        new(CommandId.List, ["container list", "container ps", "ps"], "[options]", "List containers", List)
        {
            HiddenPaths = ["container ls", "list", "ls"],
            MaximumArguments = 0,
            Examples = ["ps -a", "ps --filter status=exited -q", "ps --format \"table {{.Names}}\\t{{.Status}}\""],
        },
        new(CommandId.ContainerInspect, ["container inspect"], "[options] CONTAINER [CONTAINER...]", "Show all about containers", () =>
        [
            Format(),
            Latest(),
            Flag("size", "Compute sizes", 's'),
        ])
        { ArgumentCompletion = CompletionKind.Container },
        new(CommandId.ContainerExists, ["container exists"], "[options] CONTAINER", "Tell by the exit code whether a container exists", () =>
        [
            Flag("external", "Also look among other programs' containers"),
        ])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Container, Description = "Exit code 0 if it exists, 1 if not, 125 if that can't be told." },
        new(CommandId.Exec, ["container exec", "exec"], "[options] CONTAINER COMMAND [ARG...]", "Run a command in a running container", Exec)
        {
            Interspersed = false,
            ArgumentCompletion = CompletionKind.RunningContainer,
            RestCompletion = CompletionKind.None,
            Examples = ["exec -it web sh", "exec -u root web apk add curl"],
        },
        new(CommandId.Attach, ["container attach", "attach"], "[options] CONTAINER", "Connect to a running container", () =>
        [
            Text("detach-keys", "Keys that detach from the container"),
            Latest(),
            Flag("no-stdin", "Send no input"),
            Flag("sig-proxy", "Pass signals on to the container's process", def: "true"),
        ])
        { MaximumArguments = 1, ArgumentCompletion = CompletionKind.RunningContainer },
        new(CommandId.Logs, ["container logs", "logs"], "[options] CONTAINER [CONTAINER...]", "Show what containers wrote", () =>
        [
            Flag("color", "Show each container in another colour"),
            Flag("follow", "Go on until the container ends", 'f'),
            Latest(),
            Flag("names", "With several containers: begin lines with their names, not their IDs", 'n'),
            NoEffect(Hidden(Flag("no-trunc", "Nothing is cut anyway"))),
            Text("since", "Not before: a time, or a duration before now"),
            Text("tail", "The last so many lines", def: "-1"),
            Flag("timestamps", "Begin lines with the time", 't'),
            Text("until", "Not after: a time, or a duration before now"),
        ])
        { ArgumentCompletion = CompletionKind.Container, Examples = ["logs -f web", "logs --since 10m --tail 20 -t web"] },
        new(CommandId.Top, ["container top", "top"], "[options] CONTAINER [DESCRIPTOR...|PS-OPTION...]", "Show the processes of a container", () => [Latest()])
        {
            Interspersed = false,
            ArgumentCompletion = CompletionKind.RunningContainer,
            RestCompletion = CompletionKind.Words,
            ArgumentWords = ProcessDescriptors.All,
            Examples = ["top web", "top web pid,hpid,args", "top web -eo pid,comm"],
        },
        new(CommandId.Stats, ["container stats", "stats"], "[options] [CONTAINER...]", "Show what containers use", () =>
        [
            Flag("all", "Also those that don't run", 'a'),
            Format(short_: false),
            Number("interval", "Seconds between looks", 'i', "5"),
            Latest(),
            Flag("no-reset", "Don't clear the screen"),
            Flag("no-stream", "Look once"),
            Flag("no-trunc", "Don't shorten"),
        ])
        { ArgumentCompletion = CompletionKind.RunningContainer },
        new(CommandId.Diff, ["diff"], "[options] CONTAINER|IMAGE", "Show what a container or image changes in the files below", () => [DiffFormat(), Latest()])
        { MaximumArguments = 1, ArgumentCompletion = CompletionKind.Container, Examples = ["diff web", "diff --format json web"] },
        new(CommandId.ContainerDiff, ["container diff"], "[options] CONTAINER", "Show what a container changes in its image's files", () => [DiffFormat(), Latest()])
        { MaximumArguments = 1, ArgumentCompletion = CompletionKind.Container },
        new(CommandId.Copy, ["container cp", "cp"], "[options] [CONTAINER:]PATH|- [CONTAINER:]PATH|-", "Copy files between containers, or a container and this host", () =>
        [
            Flag("archive", "What is copied belongs to the container's user; if not, owners stay as they are", 'a', def: "true"),
            NoEffect(Hidden(Flag("extract", "For older versions' sake"))),
            Flag("overwrite", "Replace directories by files and files by directories"),
            NoEffect(Hidden(Flag("pause", "For older versions' sake"))),
        ])
        {
            MinimumArguments = 2,
            MaximumArguments = 2,
            ArgumentCompletion = CompletionKind.FileOrContainer,
            Description = "A path that ends in /. means a directory's content. The path - is a tar on standard input or output. Paths in a container start at its " +
                "working directory; those of one that runs are seen with all that is mounted there, those of one that doesn't with its volumes and bind mounts.",
            Examples = ["cp web:/etc/nginx/nginx.conf .", "cp ./site/. web:/usr/share/nginx/html", "cp web:/var/log - > log.tar"],
        },
        new(CommandId.Export, ["container export", "export"], "[options] CONTAINER", "Write a container's root file system as a tar archive", () =>
        [
            Text("output", "Write to a file instead of standard output", 'o', completion: CompletionKind.File),
        ])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.Container, Examples = ["export web > web.tar", "export -o web.tar web"] },
        new(CommandId.Mount, ["container mount", "mount"], "[options] [CONTAINER...]", "Mount containers' root file systems, or show those that are mounted", () =>
        [
            Flag("all", "Mount all containers", 'a'),
            Text("format", "Print those that are mounted as json") with { Completion = CompletionKind.Words, Words = ["json"] },
            Latest(),
            Flag("no-trunc", "Don't shorten"),
        ])
        { ArgumentCompletion = CompletionKind.Container, Examples = ["mount web", "mount"] },
        new(CommandId.Clone, ["container clone"], "[options] CONTAINER [NAME [IMAGE]]", "Make a container like another one", ContainerOptions.Clone)
        {
            MaximumArguments = 3,
            MinimumArguments = 1,
            ArgumentCompletion = CompletionKind.Container,
            RestCompletion = CompletionKind.Image,
            Examples = ["container clone web", "container clone --destroy --run web web2 nginx:latest", "container clone -m 1g web larger"],
        },
        new(CommandId.RunLabel, ["container runlabel"], "[options] LABEL IMAGE [ARG...]", "Run the command that an image has in a label", () => ContainerOptions.Sorted([
            .. ContainerOptions.Registry(),
            Flag("display", "Show the command only"),
            Text("name", "What the command's NAME stands for", 'n'),
            Hidden(Text("opt1", "What the command's $OPT1 stands for")),
            Hidden(Text("opt2", "What the command's $OPT2 stands for")),
            Hidden(Text("opt3", "What the command's $OPT3 stands for")),
            NoEffect(Hidden(Flag("pull", "Images that are missing are fetched anyway", 'p'))),
            Flag("quiet", "Show no progress, and nothing of what another program prints", 'q'),
            Flag("replace", "Remove another container of the name first"),
        ]))
        { Interspersed = false, MinimumArguments = 2, ArgumentCompletion = CompletionKind.None, RestCompletion = CompletionKind.Image, Examples = ["container runlabel run app", "container runlabel --display install app"] },
        new(CommandId.Commit, ["container commit", "commit"], "[options] CONTAINER [IMAGE]", "Make an image of a container", () =>
        [
            Text("author", "The image's author", 'a'),
            List("change", "Apply a Containerfile instruction (CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR)", 'c'),
            Text("config", "File with an image configuration to lay over the container's", completion: CompletionKind.File),
            Choice("format", "Form of the image: oci or docker", 'f', "oci", "oci", "docker"),
            Text("iidfile", "Write the image's ID to a file", completion: CompletionKind.File),
            Flag("include-volumes", "Make volumes of all mounts, not only of anonymous volumes"),
            Text("message", "Comment (with --format docker)", 'm'),
            Flag("pause", "Freeze the container meanwhile", 'p'),
            NoEffect(Flag("quiet", "Only the ID is printed anyway", 'q')),
            Flag("squash", "Make one layer of all", 's'),
        ])
        { MaximumArguments = 2, ArgumentCompletion = CompletionKind.Container, RestCompletion = CompletionKind.Image, Examples = ["commit web web:patched", "commit -p -c 'CMD [\"sh\"]' web"] },
        new(CommandId.Unmount, ["container unmount", "unmount"], "[options] CONTAINER [CONTAINER...]", "Unmount containers' root file systems", () =>
        [
            Flag("all", "Unmount all that are mounted", 'a'),
            Flag("force", "Unmount however often it was mounted", 'f'),
            Latest(),
        ])
        { HiddenPaths = ["container umount", "umount"], ArgumentCompletion = CompletionKind.Container, Examples = ["unmount web", "unmount --all"] },
        new(CommandId.Cleanup, ["container cleanup"], "[options] CONTAINER [CONTAINER...]", "Take down what a container's end left", () =>
        [
            Flag("all", "All containers", 'a'),
            Text("exec", "Take down this exec session instead"),
            Latest(),
            Flag("rm", "Remove the container, too"),
            Flag("rmi", "Remove the image, too, where no other container uses it"),
            Flag("stopped-only", "Leave it alone if it runs"),
        ])
        { ArgumentCompletion = CompletionKind.Container, Description = "conmon calls it when a container's or command's process has ended." },
    ];

    private static IReadOnlyList<OptionDefinition> Freeze() =>
    [
        Flag("all", "All containers that this can be done to", 'a'),
        List("cidfile", "Read a container's ID from a file", completion: CompletionKind.File),
        List("filter", "Choose containers by filter", 'f'),
        Latest(),
    ];

    internal static OptionDefinition Latest() => Flag("latest", "Take the newest container", 'l');

    internal static OptionDefinition Format(bool short_ = true) =>
        Text("format", "Print as json, or by a Go template", short_ ? 'f' : '\0') with { Completion = CompletionKind.Words, Words = ["json"] };

    internal static OptionDefinition DiffFormat() =>
        Text("format", "Print as json") with { Completion = CompletionKind.Words, Words = ["json"] };

    private static IReadOnlyList<OptionDefinition> List() =>
    [
        Flag("all", "Show containers in every state", 'a'),
        Flag("external", "Show other programs' containers in the store, too"),
        OptionBuilder.List("filter", "Show those for which this holds: name=, id=, status=, label=, ancestor=, volume=, ...", 'f'),
        Format(short_: false),
        Number("last", "Show the newest so many, in every state", 'n', "-1"),
        Latest(),
        Flag("no-trunc", "Don't shorten"),
        Flag("noheading", "No heading line"),
        Flag("ns", "Show namespaces", aliases: "namespace"),
        Flag("pod", "Show pods", 'p'),
        Flag("quiet", "Print IDs only", 'q'),
        Flag("size", "Compute sizes", 's'),
        Choice("sort", "Sort by command, created, id, image, names, runningfor, size or status", '\0', "created", "command", "created", "id", "image", "names", "runningfor", "size", "status"),
        NoEffect(Flag("sync", "The state is always the runtime's here")),
        Number("watch", "Show again after so many seconds, until Ctrl+C", 'w'),
    ];

    private static IReadOnlyList<OptionDefinition> Exec() =>
    [
        Text("cidfile", "Read the container's ID from a file", completion: CompletionKind.File),
        Flag("detach", "Leave it running and print its ID", 'd'),
        Text("detach-keys", "Keys that detach from the command"),
        OptionBuilder.List("env", "Set a variable", 'e'),
        OptionBuilder.List("env-file", "Read variables from a file", completion: CompletionKind.File),
        Flag("interactive", "Keep standard input open", 'i'),
        Latest(),
        NoEffect(Hidden(Flag("no-session", "There is always a session here"))),
        Commas("preserve-fd", "Pass these file descriptors, from 3 on, under their numbers"),
        Number("preserve-fds", "Pass this many file descriptors after 2", def: "0"),
        Flag("privileged", "Give it all capabilities"),
        Flag("tty", "Give it a terminal", 't'),
        Text("user", "User and group", 'u'),
        Number("wait", "Seconds to wait for the container to run"),
        Text("workdir", "Working directory", 'w'),
    ];

    private static OptionDefinition List(string name, string help, char letter = '\0', CompletionKind completion = CompletionKind.None) =>
        OptionBuilder.List(name, help, letter, completion);
}

using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The options that define a container: those of <c>create</c> and <c>run</c>.</summary>
internal static class ContainerOptions
{
    internal static IReadOnlyList<OptionDefinition> Create() => Sorted([.. Definition(), Text("init-ctr", "Make it an init container of its pod (always, once)") with { Completion = CompletionKind.Words, Words = ["always", "once"] }]);

    internal static IReadOnlyList<OptionDefinition> Run() =>
    [
        .. Sorted([
            .. Definition(),
            Flag("detach", "Leave the container running and print its ID", 'd'),
            Text("detach-keys", "Keys that detach from the container, for example ctrl-a,x; empty for none"),
            Flag("passwd", "Add entries for the user to /etc/passwd and /etc/group", def: "true"),
            Commas("preserve-fd", "Pass these file descriptors, from 3 on, under their numbers"),
            Number("preserve-fds", "Pass this many file descriptors after 2", def: "0"),
            Flag("rmi", "Remove the container and its image when its process ends"),
            Flag("sig-proxy", "Pass signals on to the container's process", def: "true"),
        ]),
    ];

    /// <summary>What <c>update</c> can change.</summary>
    internal static IReadOnlyList<OptionDefinition> Update()
    {
        string[] fixedOnes = ["oom-kill-disable", "oom-score-adj", "rdt-class", "cgroup-parent", "cgroup-conf", "cgroups", "kernel-memory"];
        return Sorted(
        [
            .. Resources().Where(option => !fixedOnes.Contains(option.Name)),
            .. HealthOptions.All(),
            .. Definition().Where(option => option.Name is "env" or "network" or "publish" or "restart" or "unsetenv"),
            ContainerCommands.Latest(),
        ]);
    }

    /// <summary>Of the commands that define here what podman has.</summary>
    internal static OptionDefinition[] PodmanImport(string what) =>
    [
        Flag("all", $"All {what}", 'a'),
        Text("database", "podman's database, where it isn't db.sql in the image store's root", completion: CompletionKind.File),
        Flag("dry-run", "Show what would be made and what can't be carried over"),
        Text("new-name", "The name here, for a single one"),
        Text("prefix", "What is put before a name that is taken", def: "podsharp-"),
    ];

    /// <summary>What <c>pod create</c> has in common with containers: it is for the pod's infra container, the limits for the pod's control group.</summary>
    internal static IEnumerable<OptionDefinition> Pod()
    {
        string[] shared =
        [
            "add-host", "blkio-weight", "blkio-weight-device", "cgroup-parent", "cpu-shares", "cpus", "cpuset-cpus", "cpuset-mems", "device", "device-read-bps",
            "device-write-bps", "dns", "dns-option", "dns-search", "gidmap", "gpus", "hostname", "hosts-file", "ip", "ip6", "label", "label-file", "mac-address", "memory",
            "memory-swap", "network", "network-alias", "no-hostname", "no-hosts", "pid", "publish", "restart", "security-opt", "shm-size", "shm-size-systemd",
            "subgidname", "subuidname", "sysctl", "uidmap", "userns", "uts", "volume", "volumes-from",
        ];
        return Definition().Where(option => shared.Contains(option.Name));
    }

    /// <summary>What <c>pod clone</c> can change: not what has to do with the network.</summary>
    internal static IEnumerable<OptionDefinition> PodClone()
    {
        string[] network = ["add-host", "dns", "dns-option", "dns-search", "hosts-file", "ip", "ip6", "mac-address", "network", "network-alias", "no-hostname", "no-hosts", "publish"];
        return Pod().Where(option => !network.Contains(option.Name));
    }

    /// <summary>What <c>container clone</c> can change.</summary>
    internal static IReadOnlyList<OptionDefinition> Clone()
    {
        string[] fixedOnes = ["oom-kill-disable", "oom-score-adj", "rdt-class", "cgroup-parent", "cgroup-conf", "cgroups", "kernel-memory", "ulimit", "pids-limit", "device-read-iops", "device-write-iops"];
        return Sorted(
        [
            .. Resources().Where(option => !fixedOnes.Contains(option.Name)),
            Flag("destroy", "Remove the other one once this one is made"),
            Flag("force", "With --destroy: also if it runs", 'f'),
            Text("name", "Its name"),
            Text("pod", "Pod to put it in", completion: CompletionKind.Pod),
            Flag("run", "Start it"),
        ]);
    }

    internal static IReadOnlyList<OptionDefinition> Sorted(List<OptionDefinition> options)
    {
        options.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return options;
    }

    private static List<OptionDefinition> Definition() =>
    [
        .. Identity(), .. Image(), .. Process(), .. Environment(), .. Network(), .. Storage(), .. Resources(), .. Security(),
        .. Namespaces(), .. Devices(), .. HealthOptions.All(), .. LifeCycle(),
    ];

    private static OptionDefinition[] Identity() =>
    [
        Text("name", "Name the container"),
        List("label", "Set a label (NAME=value)", 'l'),
        List("label-file", "Read labels from a file, one a line", completion: CompletionKind.File),
        List("annotation", "Set an OCI annotation (NAME=value)"),
        Flag("replace", "Remove a container of the same name first"),
        Text("cidfile", "Write the container's ID to a new file", completion: CompletionKind.File),
        Text("pidfile", "Write the process ID to a file", completion: CompletionKind.File),
        Text("conmon-pidfile", "Write conmon's process ID to a file", completion: CompletionKind.File),
    ];

    private static OptionDefinition[] Image() =>
    [
        Choice("pull", "When to pull the image: always, missing, never, newer", '\0', "missing", "always", "missing", "never", "newer"),
        Text("platform", "Choose the image for this OS/ARCH[/VARIANT]"),
        Text("arch", "Choose the image for this processor architecture"),
        Text("os", "Choose the image for this operating system"),
        Text("variant", "Choose the image for this variant of the architecture"),
        .. Registry(),
        Flag("quiet", "Show no progress of a pull", 'q'),
        NoEffect(Hidden(Flag("disable-content-trust", "For docker's sake; there is no such thing here"))),
        DecryptionKey(),
        Flag("rootfs", "Take the first argument as a directory with a root file system, not as an image"),
        Hidden(Text("signature-policy", "Take this policy.json, not the user's or the host's", completion: CompletionKind.File)),
    ];

    /// <summary>What decrypts layers: shared by all that fetch images.</summary>
    internal static OptionDefinition DecryptionKey() =>
        List("decryption-key", "Private key for encrypted layers: FILE, or FILE:PASSPHRASE, FILE:file=FILE, FILE:fd=NUMBER", completion: CompletionKind.File);

    /// <summary>For whom layers are encrypted: shared by <c>push</c> and <c>image copy</c>.</summary>
    internal static OptionDefinition[] Encryption() =>
    [
        Commas("encrypt-layer", "Layer to encrypt, counted from 0, or from -1 backwards; all if none is named"),
        List("encryption-key", "Encrypt layers for this RSA public key: jwe:FILE", completion: CompletionKind.File),
    ];

    /// <summary>How to talk to a registry: shared with <c>pull</c>.</summary>
    internal static OptionDefinition[] Registry() =>
    [
        Text("authfile", "File with registry credentials", completion: CompletionKind.File),
        Text("creds", "Registry credentials (USER:PASSWORD)"),
        Text("cert-dir", "Directory with certificates for the registry", completion: CompletionKind.Directory),
        Flag("tls-verify", "Demand https and a valid certificate of the registry"),
        Number("retry", "How often to retry after a failure"),
        Text("retry-delay", "How long to wait between retries"),
    ];

    private static OptionDefinition[] Process() =>
    [
        Text("entrypoint", "Replace the image's entry point (a program, or a JSON array)"),
        Text("workdir", "Working directory in the container", 'w'),
        Text("user", "User and group: NAME or UID, with :GROUP or :GID", 'u'),
        Flag("tty", "Give the container a terminal", 't'),
        Flag("interactive", "Keep standard input open", 'i'),
        Commas("attach", "Connect stdin, stdout or stderr", 'a') with { Completion = CompletionKind.Words, Words = ["stdin", "stdout", "stderr"] },
        Flag("init", "Run an init that passes signals on and reaps processes"),
        Text("init-path", "The init program of the host", completion: CompletionKind.File),
        Text("umask", "File mode mask in the container", def: "0022"),
        Choice("personality", "Execution domain: LINUX or LINUX32", '\0', null, "LINUX", "LINUX32"),
        Choice("systemd", "Prepare for systemd: true where the command is systemd or an init, always, false", '\0', "true", "true", "false", "always"),
    ];

    private static OptionDefinition[] Environment() =>
    [
        List("env", "Set a variable: NAME=value, NAME (from the caller), NAME* (all that begin so)", 'e'),
        List("env-file", "Read variables from a file, one a line", completion: CompletionKind.File),
        Flag("env-host", "Pass on all variables of the caller"),
        List("env-merge", "Build a variable from the image's variables: NAME=text with $NAME or ${NAME}"),
        List("unsetenv", "Leave out a variable of the image or the engine"),
        Flag("unsetenv-all", "Leave out all variables of the image and the engine"),
        Flag("http-proxy", "Pass on the caller's proxy variables", def: "true"),
        Text("tz", "Time zone of the container: a name such as Europe/Paris, or local for the host's"),
    ];

    private static OptionDefinition[] Network() =>
    [
        List("network", "Network or mode: NAME, none, host, container:NAME, ns:PATH, bridge, pasta, slirp4netns", completion: CompletionKind.Network, aliases: "net"),
        Commas("network-alias", "Further name in the network's DNS", aliases: "net-alias"),
        Commas("publish", "Publish a port: [[IP:]HOSTPORT:]PORT[/PROTOCOL], or ranges of them", 'p'),
        Flag("publish-all", "Publish all exposed ports on free ports of the host", 'P'),
        Commas("expose", "Expose a port or a range"),
        Text("ip", "IPv4 address in the network"),
        Text("ip6", "IPv6 address in the network"),
        Text("mac-address", "MAC address in the network"),
        Text("hostname", "Host name in the container", 'h'),
        Flag("no-hostname", "Make no /etc/hostname"),
        Commas("add-host", "Add a line to /etc/hosts (NAME:IP; the IP may be host-gateway)"),
        Text("hosts-file", "Base file for /etc/hosts, image for the image's, or none", completion: CompletionKind.File),
        Flag("no-hosts", "Make no /etc/hosts"),
        Commas("dns", "DNS server"),
        Commas("dns-option", "DNS option", aliases: "dns-opt"),
        Commas("dns-search", "DNS search domain"),
    ];

    private static OptionDefinition[] Storage() =>
    [
        List("volume", "Mount a path or volume: SOURCE:TARGET[:OPTIONS]", 'v', CompletionKind.File),
        List("mount", "Mount something: type=bind|volume|tmpfs|ramfs|devpts|image|glob,source=...,target=...[,OPTION...]"),
        List("tmpfs", "Mount memory: TARGET[:OPTIONS]"),
        List("volumes-from", "Mount what another container mounts: NAME[:OPTIONS], options ro, rw, z", completion: CompletionKind.Container),
        Choice("image-volume", "What the image's volumes become: anonymous, tmpfs, ignore", '\0', "anonymous", "anonymous", "tmpfs", "ignore", "bind") with { Aliases = ["builtin-volume"] },
        Flag("read-only", "Make the root file system read-only"),
        Flag("read-only-tmpfs", "With --read-only: memory on /run, /tmp, /var/tmp, /dev and /dev/shm", def: "true"),
        Text("shm-size", "Size of /dev/shm (b, k, m, g)"),
        Text("shm-size-systemd", "Size of each tmpfs that systemd gets: /run, /run/lock, /tmp, /var/log/journal (b, k, m, g)"),
        List("chrootdirs", "A directory in the container that gets resolv.conf and hosts, too"),
        List("secret", "Give it a secret: NAME[,type=mount|env,target=...,uid=...,gid=...,mode=...]", completion: CompletionKind.Secret),
    ];

    private static OptionDefinition[] Resources() =>
    [
        Text("memory", "Memory limit (b, k, m, g)", 'm'),
        Text("memory-reservation", "Soft memory limit (b, k, m, g)"),
        Text("memory-swap", "Limit of memory and swap together; -1 for unlimited swap"),
        Number("memory-swappiness", "Swappiness, 0 to 100 (cgroup v1); -1 for the system's", def: "-1"),
        Valued(OptionKind.Decimal, "cpus", "Number of CPUs, for example 1.5", '\0', null, CompletionKind.None, []),
        Number("cpu-shares", "Weight of CPU time among containers", 'c'),
        Number("cpu-period", "CPU period in microseconds"),
        Number("cpu-quota", "CPU time in a period in microseconds"),
        Number("cpu-rt-period", "Realtime period in microseconds (cgroup v1)"),
        Number("cpu-rt-runtime", "Realtime run time in microseconds (cgroup v1)"),
        Text("cpuset-cpus", "CPUs to run on (0-3, 0,1)"),
        Text("cpuset-mems", "Memory nodes to use (0-3, 0,1)"),
        Number("pids-limit", "Limit of processes; 0 or -1 for none"),
        Commas("ulimit", "Process limit: NAME=SOFT[:HARD]"),
        Number("blkio-weight", "Block IO weight, 10 to 1000"),
        Commas("blkio-weight-device", "Block IO weight of a device (PATH:WEIGHT)"),
        Commas("device-read-bps", "Limit of bytes read per second (PATH:RATE)"),
        Commas("device-write-bps", "Limit of bytes written per second (PATH:RATE)"),
        Commas("device-read-iops", "Limit of reads per second (PATH:RATE)"),
        Commas("device-write-iops", "Limit of writes per second (PATH:RATE)"),
        Flag("oom-kill-disable", "Keep the kernel from killing for want of memory (cgroup v1)"),
        Number("oom-score-adj", "The kernel's preference to kill it for want of memory, -1000 to 1000"),
        Text("rdt-class", "Class of service for cache and memory bandwidth"),
        Text("cgroup-parent", "The cgroup to make the container's in"),
        List("cgroup-conf", "Set a cgroup v2 file (NAME=value)"),
        Choice("cgroups", "Whether to make cgroups", '\0', "enabled", "enabled", "disabled", "no-conmon", "split"),
        NoEffect(Hidden(Text("kernel-memory", "Without effect in today's kernels"))),
    ];

    private static OptionDefinition[] Security() =>
    [
        Flag("privileged", "Give it all the host's powers"),
        Commas("cap-add", "Add a capability", completion: CompletionKind.Capability),
        Commas("cap-drop", "Drop a capability", completion: CompletionKind.Capability),
        List("security-opt", "Security option: apparmor=, label=, mask=, no-new-privileges, proc-opts=, seccomp=, systempaths=unconfined, unmask=")
            with
            {
                Completion = CompletionKind.Words,
                Words = ["apparmor=", "label=", "mask=", "no-new-privileges", "proc-opts=", "seccomp=", "systempaths=unconfined", "unmask="],
            },
        Choice("seccomp-policy", "Where the seccomp profile comes from: default, or the image's label io.containers.seccomp.profile", '\0', "default", "default", "image"),
        Commas("sysctl", "Set a kernel parameter of its namespaces (NAME=value)"),
        Commas("group-add", "Further group of the process"),
        Text("passwd-entry", "Line for /etc/passwd, with $USERNAME, $UID, $GID, $NAME and $HOME"),
        Text("group-entry", "Line for /etc/group, with $GROUPNAME, $GID and $USERLIST"),
        List("hostuser", "Add a user of the host to /etc/passwd"),
    ];

    private static OptionDefinition[] Namespaces() =>
    [
        Text("userns", "User namespace: host, auto[:OPTIONS], keep-id[:OPTIONS], nomap, container:NAME, ns:PATH"),
        Commas("uidmap", "Map user ids: CONTAINER-ID:HOST-ID:COUNT"),
        Commas("gidmap", "Map group ids: CONTAINER-ID:HOST-ID:COUNT"),
        Text("subuidname", "User in /etc/subuid to take ids from"),
        Text("subgidname", "Group in /etc/subgid to take ids from"),
        Text("pid", "PID namespace: private, host, container:NAME, ns:PATH"),
        Text("ipc", "IPC namespace: private, shareable, host, none, container:NAME, ns:PATH"),
        Text("uts", "UTS namespace: private, host, container:NAME, ns:PATH"),
        Text("cgroupns", "Cgroup namespace: private, host, container:NAME, ns:PATH"),
    ];

    private static OptionDefinition[] Devices() =>
    [
        List("device", "Give it a device of the host (HOST[:CONTAINER][:rwm]), a directory of them, or a CDI device (VENDOR/CLASS=NAME)", completion: CompletionKind.File),
        List("device-cgroup-rule", "Allow devices by rule: 'TYPE MAJOR:MINOR ACCESS'"),
        List("gpus", "Give it GPUs, by their names in CDI specifications, or all"),
    ];

    private static OptionDefinition[] LifeCycle() =>
    [
        Flag("rm", "Remove the container when its process ends"),
        Choice("restart", "When to start it again after its end: no, on-failure[:TIMES], always, unless-stopped", '\0', null, "always", "no", "on-failure", "unless-stopped"),
        Text("stop-signal", "Signal that asks it to end", completion: CompletionKind.Signal),
        Number("stop-timeout", "Seconds between that signal and SIGKILL", def: "10"),
        Number("timeout", "Seconds it may run before it is killed"),
        Commas("requires", "Containers to start first: NAME, or NAME:healthy, NAME:completed", completion: CompletionKind.Container),
        Choice("sdnotify", "Who tells systemd that it is ready: container, conmon, healthy (a health check), ignore", '\0', "container", "container", "conmon", "healthy", "ignore"),
        Text("pod", "Pod to put it in; new:NAME makes one", completion: CompletionKind.Pod),
        Text("pod-id-file", "File with the ID of the pod to put it in", completion: CompletionKind.File),
        Choice("log-driver", "Log driver: k8s-file, json-file, journald, none, passthrough", '\0', null, "k8s-file", "json-file", "journald", "none", "passthrough", "passthrough-tty"),
        List("log-opt", "Log option: path=, max-size=, max-file=, tag= (journald)"),
    ];
}

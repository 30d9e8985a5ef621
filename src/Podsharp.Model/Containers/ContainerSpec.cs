namespace Podsharp.Model;

/// <summary>All that a caller can ask of a new container. What is null or empty comes from the image, containers.conf or the engine.</summary>
public sealed record ContainerSpec
{
    /// <summary>The image: a name or an id. Empty with <see cref="RootFs"/>.</summary>
    public string Image { get; init; } = "";
    /// <summary>A root file system directory to use in place of an image.</summary>
    public string? RootFs { get; init; }
    /// <summary>With <see cref="RootFs"/>: leaves the directory as it is, and keeps the container's changes in a layer over it.</summary>
    public bool RootFsOverlay { get; init; }
    /// <summary>With <see cref="RootFs"/>: its files belong to ids of the container's user namespace (<c>idmap</c>), or to those of the maps given
    /// (<c>idmap=uids=0-1000-10;gids=0-1000-10</c>).</summary>
    public string? RootFsIdMap { get; init; }
    /// <summary>The name; an invented one when null.</summary>
    public string? Name { get; init; }
    /// <summary>Removes another container of that name first, even if it runs.</summary>
    public bool Replace { get; init; }
    /// <summary>Refuses host ports and addresses that are taken at its creation, not only when it is started: for whoever starts it at once.</summary>
    public bool CheckPorts { get; init; }
    /// <summary>A file of the caller's with the container's id, which goes with the container.</summary>
    public string? IdFile { get; init; }
    /// <summary>The file for the process id, rather than one of the engine's own.</summary>
    public string? PidFile { get; init; }
    /// <summary>The file for conmon's process id, rather than one of the engine's own.</summary>
    public string? ConmonPidFile { get; init; }
    /// <summary>When to fetch the image.</summary>
    public PullPolicy PullPolicy { get; init; }
    /// <summary>How to fetch it.</summary>
    public RegistryOptions Registry { get; init; } = new();
    /// <summary>The platform to choose from an image index.</summary>
    public ImagePlatform? Platform { get; init; }
    /// <summary>Replaces the image's entry point; a single empty string removes it. The image's command is then not used.</summary>
    public IReadOnlyList<string>? EntryPoint { get; init; }
    /// <summary>Replaces the image's command.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
    /// <summary>The working directory.</summary>
    public string? WorkingDirectory { get; init; }
    /// <summary>user[:group], names or numbers.</summary>
    public string? User { get; init; }
    /// <summary>Supplementary groups, names or numbers; <c>keep-groups</c> alone keeps the caller's (crun only).</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
    /// <summary>Makes entries in /etc/passwd and /etc/group for a user whom the image doesn't know, and for <see cref="HostUsers"/>.</summary>
    public bool Passwd { get; init; } = true;
    /// <summary>The line for /etc/passwd, with $USERNAME, $UID, $GID, $NAME and $HOME in it; podman's when null.</summary>
    public string? PasswdEntry { get; init; }
    /// <summary>The line for /etc/group, with $GROUPNAME, $GID and $USERLIST in it; podman's when null.</summary>
    public string? GroupEntry { get; init; }
    /// <summary>Users of the host, names or numbers, to add to /etc/passwd.</summary>
    public IReadOnlyList<string> HostUsers { get; init; } = [];
    /// <summary>The execution domain (personality(2)): LINUX or LINUX32; the host's when null.</summary>
    public string? Personality { get; init; }
    /// <summary>Gives it a terminal.</summary>
    public bool Terminal { get; init; }
    /// <summary>Keeps its standard input open.</summary>
    public bool Input { get; init; }
    /// <summary>Descriptors from 3 on of the process that starts it, which it keeps under their numbers. Without meaning for a remote engine.</summary>
    public IReadOnlyList<int> PreserveDescriptors { get; init; } = [];
    /// <summary>Environment variables; they replace the image's of the same name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = EmptyDictionary.Strings;
    /// <summary>Variables made of the image's and the engine's: <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-otherwise}</c> and <c>${NAME:+if}</c> in the values.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentMerge { get; init; } = EmptyDictionary.Strings;
    /// <summary>Names of variables of the image, and of the engine's defaults, to leave out.</summary>
    public IReadOnlyList<string> RemoveEnvironment { get; init; } = [];
    /// <summary>Leaves out all variables of the image and the engine's defaults.</summary>
    public bool ClearEnvironment { get; init; }
    /// <summary>The time zone of /etc/localtime: a name of the host's zone database, or <c>local</c> for the host's own; the image's when null.</summary>
    public string? TimeZone { get; init; }
    /// <summary>Labels; they replace the image's of the same name.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>OCI annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>The host name; the short id when null.</summary>
    public string? HostName { get; init; }
    /// <summary>Leaves the image's /etc/hostname.</summary>
    public bool NoHostName { get; init; }
    /// <summary>The network namespace. Private: a bridge network (<see cref="Networks"/>). <see cref="NamespaceKind.Default"/>: the same, but for an ordinary user's
    /// container on no network, which a program connects (pasta).</summary>
    public NamespaceMode Network { get; init; } = NamespaceMode.Default;
    /// <summary>Attachments to networks; empty is the default network when the namespace is the container's own.</summary>
    public IReadOnlyList<NetworkAttachment> Networks { get; init; } = [];
    /// <summary>Published ports.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];
    /// <summary>Publishes every exposed port on a free host port.</summary>
    public bool PublishAll { get; init; }
    /// <summary>Exposed ports: <c>80</c>, <c>53/udp</c>, <c>8000-8010/tcp</c>.</summary>
    public IReadOnlyList<string> Expose { get; init; } = [];
    /// <summary>Extra lines for /etc/hosts: <c>name:address</c>; the address may be <c>host-gateway</c>.</summary>
    public IReadOnlyList<string> AddHosts { get; init; } = [];
    /// <summary>No /etc/hosts by the engine.</summary>
    public bool NoHosts { get; init; }
    /// <summary>What /etc/hosts begins with: a file of the host, <c>image</c> for the image's or <c>none</c>; as containers.conf says when null.</summary>
    public string? HostsFile { get; init; }
    /// <summary>DNS servers for resolv.conf; a single "none" leaves the image's file.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];
    /// <summary>DNS search domains.</summary>
    public IReadOnlyList<string> DnsSearch { get; init; } = [];
    /// <summary>DNS options.</summary>
    public IReadOnlyList<string> DnsOptions { get; init; } = [];
    /// <summary>Mounts: binds, volumes, tmpfs.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];
    /// <summary>Containers whose mounts it has, too, but where it has others: <c>NAME[:OPTIONS]</c>, options ro, rw and z.</summary>
    public IReadOnlyList<string> VolumesFrom { get; init; } = [];
    /// <summary>Directories in the container that are roots themselves: they get resolv.conf and hosts, too.</summary>
    public IReadOnlyList<string> ChrootDirectories { get; init; } = [];
    /// <summary>Secrets, as files and as variables.</summary>
    public IReadOnlyList<SecretUse> Secrets { get; init; } = [];
    /// <summary>Read-only root file system.</summary>
    public bool ReadOnly { get; init; }
    /// <summary>With <see cref="ReadOnly"/>: writable tmpfs on /tmp, /run, /var/tmp, /dev, /dev/shm.</summary>
    public bool ReadOnlyTmpfs { get; init; } = true;
    /// <summary>Size of /dev/shm in bytes.</summary>
    public long? ShmSize { get; init; }
    /// <summary>Size in bytes of each of the tmpfs that a container prepared for systemd gets; null: the kernel's default, half the memory.</summary>
    public long? SystemdShmSize { get; init; }
    /// <summary>What the image's VOLUME paths become: <c>anonymous</c>, <c>tmpfs</c> or <c>ignore</c>.</summary>
    public string ImageVolumes { get; init; } = "anonymous";
    /// <summary>Limits.</summary>
    public ResourceLimits Resources { get; init; } = new();
    /// <summary>Process limits; clamped to what the host allows.</summary>
    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];
    /// <summary>All capabilities and devices, nothing masked.</summary>
    public bool Privileged { get; init; }
    /// <summary>Devices: HOST-PATH[:CONTAINER-PATH][:rwm], a directory of them, or a device of a CDI specification (<c>vendor.com/class=name</c>).</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];
    /// <summary>Devices that its control group allows: <c>TYPE MAJOR:MINOR ACCESS</c>, for example <c>c 10:* rwm</c>.</summary>
    public IReadOnlyList<string> DeviceRules { get; init; } = [];
    /// <summary>GPUs by their names in the host's CDI specifications (0, all).</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];
    /// <summary>The class of service for cache and memory bandwidth (resctrl).</summary>
    public string? RdtClass { get; init; }
    /// <summary>Capabilities to add (<c>NET_ADMIN</c>, <c>CAP_NET_ADMIN</c>, <c>ALL</c>).</summary>
    public IReadOnlyList<string> AddCapabilities { get; init; } = [];
    /// <summary>Capabilities to drop.</summary>
    public IReadOnlyList<string> DropCapabilities { get; init; } = [];
    /// <summary>podman's --security-opt words: apparmor=, label=, mask=, no-new-privileges, proc-opts=, seccomp=, systempaths=unconfined, unmask=.</summary>
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];
    /// <summary>Where the seccomp profile comes from: <c>default</c>, or <c>image</c> for the one in the image's label io.containers.seccomp.profile.</summary>
    public string SeccompPolicy { get; init; } = "default";
    /// <summary>Kernel parameters of its namespaces.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = EmptyDictionary.Strings;
    /// <summary>User namespace: host, auto[:size=,uidmapping=,gidmapping=], keep-id[:uid=,gid=,size=], nomap, private, ns:PATH, container:NAME.</summary>
    public string? UserNamespace { get; init; }
    /// <summary>Users of its namespace: <c>CONTAINER-ID:HOST-ID:COUNT</c>.</summary>
    public IReadOnlyList<string> UserMap { get; init; } = [];
    /// <summary>Groups of its namespace.</summary>
    public IReadOnlyList<string> GroupMap { get; init; } = [];
    /// <summary>Who has the ids in /etc/subuid that become its users.</summary>
    public string? SubUserName { get; init; }
    /// <summary>Who has the ids in /etc/subgid that become its groups.</summary>
    public string? SubGroupName { get; init; }
    /// <summary>PID namespace.</summary>
    public NamespaceMode PidNamespace { get; init; } = NamespaceMode.Default;
    /// <summary>IPC namespace.</summary>
    public NamespaceMode IpcNamespace { get; init; } = NamespaceMode.Default;
    /// <summary>UTS namespace.</summary>
    public NamespaceMode UtsNamespace { get; init; } = NamespaceMode.Default;
    /// <summary>Cgroup namespace.</summary>
    public NamespaceMode CgroupNamespace { get; init; } = NamespaceMode.Default;
    /// <summary>The cgroup under which the container's is made.</summary>
    public string? CgroupParent { get; init; }
    /// <summary>Whether and where it has control groups: <c>enabled</c>, <c>disabled</c> (crun only), <c>no-conmon</c> (conmon stays in the
    /// caller's).</summary>
    public string Cgroups { get; init; } = "enabled";
    /// <summary>The pod to put it in: a name or id, or <c>new:NAME</c> to make one of its ports, networks and names.</summary>
    public string? Pod { get; init; }
    /// <summary>Makes it an init container of its pod, which runs to its end before the others start: <c>always</c>, or <c>once</c> and is removed then.</summary>
    public string? InitContainer { get; init; }
    /// <summary>Runs an init (catatonit) as PID 1 that forwards signals and reaps.</summary>
    public bool Init { get; init; }
    /// <summary>The init program of the host; catatonit when null.</summary>
    public string? InitPath { get; init; }
    /// <summary>Whether it is prepared for systemd: <c>true</c> where its command is systemd or an init, <c>always</c>, <c>false</c>.</summary>
    public string Systemd { get; init; } = "true";
    /// <summary>Removes the container, and its anonymous volumes, when its process ends.</summary>
    public bool AutoRemove { get; init; }
    /// <summary>With <see cref="AutoRemove"/>: removes the image, too, unless another container uses it.</summary>
    public bool RemoveImage { get; init; }
    /// <summary>Whether it is started again after its end.</summary>
    public RestartPolicy RestartPolicy { get; init; } = RestartPolicy.No;
    /// <summary>The signal that asks it to end: a name or number; the image's or SIGTERM when null.</summary>
    public string? StopSignal { get; init; }
    /// <summary>Seconds between the stop signal and SIGKILL.</summary>
    public int? StopTimeout { get; init; }
    /// <summary>Seconds that it may run before it is killed; null or 0 for ever.</summary>
    public int? Timeout { get; init; }
    /// <summary>Containers that are started first, and can't be removed before it.</summary>
    public IReadOnlyList<ContainerRequirement> Requires { get; init; } = [];
    /// <summary>Its health checks.</summary>
    public HealthSpec Health { get; init; } = new();
    /// <summary>Who tells systemd (NOTIFY_SOCKET of the caller's environment) that a service is ready: <c>container</c>, <c>conmon</c> (once it runs),
    /// <c>healthy</c> (once a health check has succeeded: the start waits for that) or <c>ignore</c> for nobody.</summary>
    public string SdNotify { get; init; } = "ignore";
    /// <summary>k8s-file, json-file (the same), journald, none; passthrough and passthrough-tty: the streams of the process that starts it.</summary>
    public string? LogDriver { get; init; }
    /// <summary>Log options: path, max-size (bytes, with a unit in powers of 1000), max-file (files in all, with conmon 2.2), tag (journald).</summary>
    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = EmptyDictionary.Strings;
    /// <summary>An OCI runtime by name or path; containers.conf's, or one that works on this host, when null.</summary>
    public string? Runtime { get; init; }
    /// <summary>octal umask in the container; 0022 when null.</summary>
    public string? Umask { get; init; }
    /// <summary>Sets proxy variables of the caller in the container.</summary>
    public bool HttpProxy { get; init; } = true;
    /// <summary>The command line that asked for it, for inspect.</summary>
    public IReadOnlyList<string> CreateCommand { get; init; } = [];
}

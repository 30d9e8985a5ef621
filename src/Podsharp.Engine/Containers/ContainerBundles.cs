using System.Runtime.InteropServices;
using System.Text;
using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Writes a container's OCI bundle with the files the engine gives it, and starts conmon on it.</summary>
internal sealed class ContainerBundles(EngineParts parts)
{
    private const uint PublicFile = 0x1A4;  // 0644
    private const uint PrivateFile = 0x180; // 0600
    private const uint PrivateDirectory = 0x1C0; // 0700

    /// <summary>Writes config.json, hosts, resolv.conf, hostname and .containerenv; mounts the shared memory.</summary>
    /// <param name="record">With its root mounted and its network set up.</param>
    /// <param name="mounts">The mounts, with host paths.</param>
    /// <param name="rootPath">Where the runtime finds its root.</param>
    /// <param name="userNamespace">The path of its user namespace; null for the engine's own, or one that the runtime makes.</param>
    public GeneratedSpec Write(ContainerRecord record, IReadOnlyList<ResolvedMount> mounts, string rootPath, string? userNamespace)
    {
        var config = record.Config;
        var runDirectory = parts.Storage.RunDirectory(record.Id);
        var root = record.Run!.RootPath;
        Files.MakeDirectories(runDirectory, PrivateDirectory);
        var peer = config.Network.Kind == NamespaceKind.Container ? RunningPeer(config.Network.Target!, "network") : null;
        var hostName = parts.Specs.Preview(config).HostName;
        var user = parts.Accounts.ResolveUser(config, root);
        var generated = parts.Specs.Generate(config, new SpecResources
        {
            Id = record.Id,
            Name = record.Name,
            RootPath = rootPath,
            User = user,
            Mounts = mounts,
            PausePath = Pods.PodInfra.NeedsProgram(config) ? parts.Components.Init : null,
            NetworkNamespacePath = NetworkPath(record, peer),
            PidNamespacePath = PeerNamespace(config.Spec.PidNamespace, "pid"),
            IpcNamespacePath = PeerNamespace(config.Spec.IpcNamespace, "ipc"),
            UtsNamespacePath = PeerNamespace(config.Spec.UtsNamespace, "uts"),
            UserNamespacePath = userNamespace,
            CgroupNamespacePath = PeerNamespace(config.Spec.CgroupNamespace, "cgroup"),
            CgroupPath = config.RuntimeCgroup(),
            HostsPath = parts.NameFiles.WriteHosts(record, peer),
            ResolvConfPath = parts.NameFiles.WriteResolvConf(record, peer),
            HostnamePath = config.Spec.NoHostName ? null : WriteFile(runDirectory, "hostname", hostName + "\n"),
            LocalTimePath = WriteLocalTime(config.Spec, runDirectory),
            PasswdPath = parts.Accounts.PasswdPath(record.Id),
            GroupPath = parts.Accounts.GroupPath(record.Id),
            ContainerEnvPath = WriteFile(runDirectory, ".containerenv", ContainerEnvironment(record)),
            ShmPath = MountShm(record),
            NotifyDirectory = NotifyDirectory(record),
            SecretMounts = parts.ContainerSecrets.Mounts(config),
            SecretVariables = parts.ContainerSecrets.Variables(config, CancellationToken.None),
        });
        generated = generated with { Spec = generated.Spec with { Mounts = [.. generated.Spec.Mounts.Select(BindSources.Follow)] } };
        if (config.UserIdMap.Count > 0)
            GiveToRoot(config, runDirectory);
        parts.Labels.LabelFiles(config);
        Files.Replace(Path.Combine(runDirectory, "config.json"), generated.ToJson(), PrivateFile, durable: false);
        return generated;
    }

    // The engine's files are to be the container's root's; its user namespace doesn't know ours.
    private static void GiveToRoot(ContainerConfig config, string runDirectory)
    {
        var (user, group) = config.OnHost(0, 0);
        foreach (var name in new[] { "hosts", "resolv.conf", "hostname", "localtime", "passwd", "group", ".containerenv", "notify", "shm" })
        {
            if (Files.TryStatus(Path.Combine(runDirectory, name), followLink: false) is not null)
                LinuxError.Check(Files.TryChangeOwner(Files.Absolute, Path.Combine(runDirectory, name), user, group), "change the owner of", name);
        }
    }

    /// <summary>Starts conmon; it waits until all is set up, then has the runtime create the container. Starting it and moving it to
    /// its control group takes the kernel milliseconds, in which the caller mounts and writes the bundle.</summary>
    /// <param name="record">The container.</param>
    /// <param name="lifeline">What conmon holds as long as it lives; null for nothing.</param>
    /// <param name="restore">Where the processes come from; null to make new ones.</param>
    public PreparedConmon Prepare(ContainerRecord record, SafeHandle? lifeline, Checkpoints.RestoreRun? restore = null)
    {
        var config = record.Config;
        var runDirectory = parts.Storage.RunDirectory(record.Id);
        var persist = parts.Paths.PersistDirectory(record.Id);
        Native.PrivateDirectory.Ensure(parts.Paths.ExitDirectory);
        ExitFiles.Remove(parts.Paths.ExitDirectory, persist, runDirectory, record.Id);
        Native.PrivateDirectory.Ensure(persist);
        Files.MakeDirectories(runDirectory, PrivateDirectory);
        // Should this process be killed, conmon goes on: without a bundle it ends at once.
        _ = Files.TryRemove(Path.Combine(runDirectory, "config.json"));
        if (config.CgroupSlice.Length == 0)
            CgroupTree.PrepareParent(parts.Host.Cgroups, config.CgroupPath);
        var notify = NotifyDirectory(record);
        if (notify is not null)
            Files.MakeDirectory(notify, 0x1ED); // 0755: the container's user looks for the socket there
        parts.LatePorts.Check(config.Ports, record.Id);
        using var ports = config.HasNetworks() && !parts.Networks.ForwardsPorts ? NetworkService.ReservePorts(config.Ports) : null;
        return new Conmon(parts.Host).Prepare(new ConmonLaunch
        {
            ConmonPath = parts.Components.Conmon,
            RuntimePath = config.RuntimePath,
            RuntimeFlags = parts.RuntimeFlagsOf(config),
            ContainerId = record.Id,
            Name = record.Name,
            BundleDirectory = runDirectory,
            ExitDirectory = parts.Paths.ExitDirectory,
            PersistDirectory = persist,
            PidFile = config.Spec.PidFile ?? Path.Combine(runDirectory, "pidfile"),
            ConmonPidFile = config.Spec.ConmonPidFile ?? Path.Combine(runDirectory, "conmon.pid"),
            OciLog = Path.Combine(runDirectory, "oci-log"),
            LogDriver = config.LogDriver,
            LogPath = config.LogPath,
            LogSizeMaximum = config.LogSizeMax > 0 ? config.LogSizeMax : null,
            LogBackups = RotatesLog(config.LogSizeMax, config.LogFiles) ? config.LogFiles - 1 : 0,
            LogTag = config.LogTag,
            RestoreFrom = restore?.Images,
            RestoreOptions = restore?.RuntimeOptions ?? [],
            Terminal = config.Spec.Terminal,
            Input = config.Spec.Input,
            ExitCommand = ExitCommand(record),
            Environment = parts.ChildEnvironment,
            ConmonCgroup = config.ConmonCgroup(),
            ConmonSlice = config.Spec.Cgroups == "enabled" && config.CgroupSlice.Length > 0 ? config.CgroupSlice : null,
            Timeout = config.Spec.Timeout,
            PreservedDescriptors = config.Spec.PreserveDescriptors,
            NotifySocket = notify is null ? null : config.NotifySocket,
            NoPivotRoot = parts.Conf.Engine.NoPivotRoot,
            NoKeyring = !parts.Conf.Containers.Keyring,
            Held = [.. ports?.Handles ?? [], .. lifeline is null ? Array.Empty<SafeHandle>() : [lifeline]],
        });
    }

    /// <summary>Whether a log that reaches its limit is set aside, not thrown away.</summary>
    public bool RotatesLog(long maximum, int files) => maximum > 0 && files > 1 && ConmonFeatures.Of(parts.Components.Conmon).RotatesLogs;

    /// <summary>The OCI specification of a container's run.</summary>
    public byte[] Specification(string id) => Files.TryReadAll(Path.Combine(parts.Storage.RunDirectory(id), "config.json"))
        ?? throw new ContainerEngineException(ErrorKind.DataCorrupt, "SpecificationLost", $"the specification of container {id[..12]}'s run is gone", id, "stop it, and start it anew");

    /// <summary>The OCI process object of a command in a container.</summary>
    public byte[] ExecProcess(ContainerRecord record, ExecSpec spec, TerminalSize? size)
    {
        var configuration = Files.TryReadAll(Path.Combine(parts.Storage.RunDirectory(record.Id), "config.json"))
            ?? throw EngineErrors.ContainerStorageLost(record.Id, record.Name);
        var user = spec.User is { Length: > 0 } name ? UserLookup.Open(record.Run!.RootPath).Resolve(name, []) : null;
        return Runtime.ExecProcess.Generate(configuration, spec, user, parts.Host, size);
    }

    /// <summary>What conmon runs after the end: the installed copy, with every option that selects this state.</summary>
    public IReadOnlyList<string> ExitCommand(ContainerRecord record, params string[] cleanupOptions)
    {
        var command = EngineCommand(record.Executable);
        command.AddRange(["--runtime", record.Config.RuntimePath, "container", "cleanup", "--stopped-only", .. cleanupOptions, record.Id]);
        return command;
    }

    /// <summary>An installed copy of the executable, with every option that selects this state.</summary>
    public List<string> EngineCommand(string executable)
    {
        var command = new List<string>
        {
            parts.Executables.PathOf(executable),
            "--root", parts.StorageConfiguration.GraphRoot,
            "--runroot", parts.StorageConfiguration.RunRoot,
            "--storage-driver", parts.StorageConfiguration.Driver,
            "--state-dir", parts.Paths.StateDirectory,
            "--tmpdir", parts.Paths.TmpDirectory,
            "--volumepath", parts.Paths.VolumeDirectory,
        };
        Add("--network-config-dir", parts.Options.NetworkConfigDirectory);
        Add("--network-cmd-path", parts.Options.NetworkCommandPath);
        Add("--conmon", parts.Options.Conmon);
        Add("--cgroup-manager", parts.Options.CgroupManager);
        Add("--events-backend", parts.Options.EventsBackend);
        foreach (var option in parts.Options.StorageOptions)
            Add("--storage-opt", option);
        foreach (var directory in parts.Options.CdiDirectories)
            Add("--cdi-spec-dir", directory);
        foreach (var directory in parts.Options.HookDirectories)
            Add("--hooks-dir", directory);
        foreach (var flag in parts.Options.RuntimeFlags)
            Add("--runtime-flag", flag);
        return command;

        void Add(string option, string? value)
        {
            if (value is not null)
                command.AddRange([option, value]);
        }
    }

    /// <summary>A container that runs, for its namespaces.</summary>
    /// <exception cref="ContainerEngineException">InvalidState.</exception>
    public ContainerRecord RunningPeer(string id, string what)
    {
        var record = parts.Containers.Get(parts.Containers.Resolve(id));
        return record.HasRun && ProcessTable.IsAlive(record.Pid, record.PidStart)
            ? record
            : throw EngineErrors.InvalidState(record.Id, $"container {record.Name}, whose {what} namespace is to be shared, is not running", "start it first");
    }

    private string? PeerNamespace(NamespaceMode mode, string kind) => mode.Kind switch
    {
        NamespaceKind.Path => mode.Target,
        NamespaceKind.Container => $"/proc/{RunningPeer(mode.Target!, kind).Pid}/ns/{kind}",
        _ => null,
    };

    private static string? NetworkPath(ContainerRecord record, ContainerRecord? peer) => record.Config.Network.Kind switch
    {
        NamespaceKind.Path => record.Config.Network.Target,
        NamespaceKind.Container => $"/proc/{peer!.Pid}/ns/net",
        NamespaceKind.Host or NamespaceKind.None => null,
        _ => record.Run!.NetnsPath,
    };

    /// <summary>Where conmon makes the socket at which the container tells systemd that it is ready; null where it doesn't.</summary>
    private string? NotifyDirectory(ContainerRecord record) => record.Config is { NotifySocket.Length: > 0, Spec.SdNotify: "container" }
        ? Path.Combine(parts.Storage.RunDirectory(record.Id), "notify") : null;

    /// <summary>A copy of the zone's description: the host's may be replaced while the container runs, or not be readable in its user namespace.</summary>
    private string? WriteLocalTime(ContainerSpec spec, string runDirectory)
    {
        if (Host.TimeZones.Find(spec.TimeZone ?? parts.Conf.Containers.TimeZone) is not { } zone)
            return null;
        var path = Path.Combine(runDirectory, "localtime");
        Files.Replace(path, File.ReadAllBytes(zone), PublicFile, durable: false);
        return path;
    }

    private static string ContainerEnvironment(ContainerRecord record) => record.Config.Spec.Privileged
        ? $"engine=\"podsharp\"\nname=\"{record.Name}\"\nid=\"{record.Id}\"\nimage=\"{record.Config.ImageName}\"\nimageid=\"{record.Config.ImageId}\"\n"
        : "";

    /// <summary>/dev/shm as a mount of the host, so that another container can share it; null where the runtime makes it or there is none.</summary>
    private string? MountShm(ContainerRecord record)
    {
        var spec = record.Config.Spec;
        switch (spec.IpcNamespace.Kind)
        {
            case NamespaceKind.Container:
                return Path.Combine(parts.Storage.RunDirectory(RunningPeer(spec.IpcNamespace.Target!, "ipc").Id), "shm");
            case NamespaceKind.Host:
                return "/dev/shm";
            case NamespaceKind.None or NamespaceKind.Private:
                return null;
        }
        var path = Path.Combine(parts.Storage.RunDirectory(record.Id), "shm");
        Files.MakeDirectory(path, PrivateDirectory);
        var size = spec.ShmSize ?? ByteSize.Parse(parts.Conf.Containers.ShmSize);
        if (!Mounts.IsMountPoint(path))
            Mounts.Mount("shm", path, "tmpfs", MountFlags.NoSetUserId | MountFlags.NoExecute | MountFlags.NoDevices, $"mode=1777,size={size}" + parts.Labels.MountOption(record.Config));
        return path;
    }

    /// <summary>The mount of the host that a running container has at /dev/shm as its own; null where it has another's, or one made by the runtime.</summary>
    internal string? OwnSharedMemory(string id) => Path.Combine(parts.Storage.RunDirectory(id), "shm") is var path && Mounts.IsMountPoint(path) ? path : null;

    /// <summary>Writes a file that a container gets; returns its path.</summary>
    internal static string WriteFile(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        Files.Replace(path, Encoding.UTF8.GetBytes(text), PublicFile, durable: false);
        return path;
    }
}

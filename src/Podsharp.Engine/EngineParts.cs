using Podsharp.Engine.Artifacts;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Checkpoints;
using Podsharp.Engine.Events;
using Podsharp.Engine.Health;
using Podsharp.Engine.Host;
using Podsharp.Engine.Images;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Podman;
using Podsharp.Engine.Pods;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.Secrets;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Upkeep;
using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.Engine;

/// <summary>The engine's parts, each made at its first use: a list needs neither a registry client nor netavark.</summary>
internal sealed class EngineParts : IDisposable
{
    private readonly Lazy<ContainersConf> _conf;
    private readonly Lazy<ContainerStorage> _storage;
    private readonly Lazy<StateDatabase> _database;
    private readonly Lazy<IEventLog> _events;
    private readonly Lazy<NetworkService> _networks;
    private readonly Lazy<VolumeStore> _volumes;
    private readonly Lazy<ImageService> _images;
    private readonly Lazy<RegistryLogins> _logins;
    private readonly Lazy<InstalledExecutables> _executables;
    private readonly Lazy<ContainerRecords> _containers;
    private readonly Lazy<PodRecords> _pods;

    public EngineParts(EngineOptions options)
    {
        Options = options;
        Host = HostFacts.Read();
        Environment = options.Environment is { } variables
            ? ConfigurationEnvironment.OfThisProcess(Host.EffectiveUserId, Host.IsRootless) with { Variables = variables }
            : ConfigurationEnvironment.OfThisProcess(Host.EffectiveUserId, Host.IsRootless);
        StorageConfiguration = StorageConfiguration.Load(Environment, options.Root, options.RunRoot, options.StorageDriver, options.StorageOptions);
        Paths = EnginePaths.Create(options, StorageConfiguration.GraphRoot, StorageConfiguration.RunRoot, Host.IsRootless, Environment.Variable("XDG_RUNTIME_DIR"));
        _conf = new(() => ContainersConf.Load(Environment));
        _storage = new(() => ContainerStorage.Open(StorageConfiguration, ImageMounters.Of));
        _database = new(() => new StateDatabase(Paths.StateDirectory));
        EventLogs.Check(options.EventsBackend);
        _events = new(() => EventLogs.Open(EventsBackend, Conf.Engine, Paths, Host));
        _networks = new(() => new NetworkService(
            NetworkSettings.From(Environment, Conf, Paths, options),
            new HelperRunner(pid => Cgroups.CgroupTree.Move(Host.Cgroups, pid, Podsharp.Engine.Cgroups.CgroupPaths.Conmon)), Database));
        _volumes = new(() => new VolumeStore(Database, Paths, Events) { Mounts = new(() => VolumeMounts), BootId = Host.BootId, FileLabel = () => Labels.OfVolumes });
        _images = new(() => new ImageService(Storage, Environment, Conf));
        _logins = new(() => new RegistryLogins(Environment, Conf, Path.Combine(Paths.LockDirectory, "auth")));
        _executables = new(() => new InstalledExecutables(Paths, Database, options.ExecutablePath ?? ExecutableFinder.Find(Environment)));
        SupervisorProcess = new(this);
        _containers = new(() => new ContainerRecords(Database, Paths, Events, SupervisorProcess));
        _pods = new(() => new PodRecords(Database, Paths, Events));
        PodSettler = new(this);
        PodCreator = new(this);
        PodLister = new(this);
        PodRunner = new(this);
        PodRemover = new(this);
        PodCloner = new(this);
        PodHosts = new(this);
        PodCgroups = new(this);
        Takedown = new(this);
        Settler = new(this);
        Lister = new(this);
        Inspector = new(this);
        Sizes = new(this);
        UserNamespaces = new(this);
        Creator = new(this);
        Starter = new(this);
        Stopper = new(this);
        Remover = new(this);
        Freezer = new(this);
        Updater = new(this);
        Dependencies = new(this);
        Health = new(this);
        Supervisor = new(this);
        BootUnits = new(this);
        Checkpointer = new(this);
        Restorer = new(this);
        CheckpointExporter = new(this);
        CheckpointImporter = new(this);
        CheckpointImages = new(this);
        Discarder = new(this);
        Renamer = new(this);
        ContainerNetworks = new(this);
        Committer = new(this);
        Cloner = new(this);
        Attacher = new(this);
        Bundles = new(this);
        Specs = new(this);
        Accounts = new(this);
        ContainerSecrets = new(this);
        Exec = new(this);
        Logs = new(this);
        Monitor = new(this);
        Ps = new(this);
        Info = new(this);
        Changes = new(this);
        Roots = new(this);
        ImageRoots = new(this);
        Meter = new(this);
        Cleaner = new(this);
        Files = new(this);
        Checker = new(this);
        Podman = new(this);
        NetworkCatalog = new(this);
    }

    public EngineOptions Options { get; }
    public HostFacts Host { get; }
    public ConfigurationEnvironment Environment { get; }
    public StorageConfiguration StorageConfiguration { get; }
    public EnginePaths Paths { get; }

    /// <summary>Where events go: <c>file</c>, <c>journald</c> or <c>none</c>.</summary>
    public string EventsBackend => field ??= EventLogs.Choose(Options.EventsBackend, Conf.Engine);

    public ContainersConf Conf => _conf.Value;
    public ContainerStorage Storage => _storage.Value;
    public StateDatabase Database => _database.Value;
    public IEventLog Events => _events.Value;
    public NetworkService Networks => _networks.Value;
    public VolumeStore Volumes => _volumes.Value;
    public ImageService Images => _images.Value;
    public RegistryLogins Logins => _logins.Value;
    public InstalledExecutables Executables => _executables.Value;
    public ContainerRecords Containers => _containers.Value;
    public SecretStore Secrets => field ??= new(Path.Combine(StorageConfiguration.GraphRoot, "secrets"), Path.Combine(Paths.StateDirectory, "secrets.pending"),
        Conf.Secrets, Environment, Events);
    public ArtifactStore ArtifactStore => field ??= new(Path.Combine(StorageConfiguration.GraphRoot, "artifacts"), Path.Combine(StorageConfiguration.GraphRoot, "podsharp/artifacts"));
    public ArtifactService Artifacts => field ??= new(ArtifactStore, Environment, Conf);
    public PodRecords Pods => _pods.Value;
    public VolumeMounts VolumeMounts => field ??= new(Database, Volumes, () => Storage, VolumeMaker.MakeLayer, Environment, Host.BootId);
    public VolumeMaker VolumeMaker => field ??= new(Volumes, () => Storage, () => Images);
    public ImageMounters ImageMounters => field ??= new(this);
    public VolumeContents VolumeContents => field ??= new(this);
    public MountPlanner Mounts => field ??= new(Volumes, VolumeMounts, new OverlayMounts(() => Storage, () => Images, Host.InUserNamespace), new ArtifactMounts(() => ArtifactStore), new OwnerView(Host.InUserNamespace), ConfiguredMounts);
    public LatePorts LatePorts => field ??= new(this);
    public PortForwarders Forwarders => field ??= new(this);
    public ContainerNameFiles NameFiles => field ??= new(this);
    public ComponentLocator Components => field ??= new(Conf, Options, Host);
    public AppArmorProfiles AppArmor => field ??= new(Host, () => Components.FindHelper("apparmor_parser"));

    public Build.BuildContainers BuildContainers => field ??= new(this);

    public PodSettler PodSettler { get; }
    public PodCreator PodCreator { get; }
    public PodLister PodLister { get; }
    public PodRunner PodRunner { get; }
    public PodRemover PodRemover { get; }
    public PodCloner PodCloner { get; }
    public PodHosts PodHosts { get; }
    public PodCgroups PodCgroups { get; }
    public ContainerTakedown Takedown { get; }
    public ContainerSettler Settler { get; }
    public ContainerLister Lister { get; }
    public ContainerInspector Inspector { get; }
    public ContainerSizes Sizes { get; }
    public UserNamespaces.UserNamespacePlanner UserNamespaces { get; }
    public ContainerCreator Creator { get; }
    public ContainerStarter Starter { get; }
    public ContainerStopper Stopper { get; }
    public ContainerRemover Remover { get; }
    public ContainerFreezer Freezer { get; }
    public ContainerUpdater Updater { get; }
    public ContainerDependencies Dependencies { get; }
    public HealthChecker Health { get; }
    public Supervisor Supervisor { get; }
    public BootUnits BootUnits { get; }
    public SupervisorProcess SupervisorProcess { get; }
    public ContainerCheckpointer Checkpointer { get; }
    public ContainerRestorer Restorer { get; }
    public CheckpointExporter CheckpointExporter { get; }
    public CheckpointImporter CheckpointImporter { get; }
    public CheckpointImages CheckpointImages { get; }
    public FileDiscarder Discarder { get; }
    public ContainerRenamer Renamer { get; }
    public ContainerNetworks ContainerNetworks { get; }
    public ContainerCommitter Committer { get; }
    public ContainerCloner Cloner { get; }
    public ContainerAttacher Attacher { get; }
    public ContainerBundles Bundles { get; }
    public ContainerSpecs Specs { get; }
    public ContainerLabels Labels => field ??= new(this);
    public ContainerAccounts Accounts { get; }
    public ContainerSecrets ContainerSecrets { get; }
    public ExecSessions Exec { get; }
    public ContainerLogs Logs { get; }
    public ContainerMonitor Monitor { get; }
    public ContainerPs Ps { get; }
    public EngineInformation Info { get; }
    public FileSystemChanges Changes { get; }
    public ContainerRoots Roots { get; }
    public ImageRoots ImageRoots { get; }
    public StorageMeter Meter { get; }
    public StorageCleaner Cleaner { get; }
    public ContainerFiles Files { get; }
    public StorageChecker Checker { get; }
    public PodmanImporter Podman { get; }
    public NetworkCatalog NetworkCatalog { get; }

    /// <summary>What conmon, the runtime and the exit command get: nothing of the caller's but what the runtime's state depends on.</summary>
    public IReadOnlyList<string> ChildEnvironment => field ??= BuildChildEnvironment();

    /// <summary>The runtime that a container was created with.</summary>
    public OciRuntime RuntimeOf(ContainerConfig config) => new(config.RuntimePath, RuntimeFlagsOf(config), ChildEnvironment);

    /// <summary>The global flags for a container's runtime.</summary>
    public IReadOnlyList<string> RuntimeFlagsOf(ContainerConfig config) =>
        config.Spec.Cgroups == "disabled" ? [.. Options.RuntimeFlags, "cgroup-manager=disabled"]
        : config.CgroupSlice.Length > 0 ? [.. Options.RuntimeFlags, "systemd-cgroup"] : Options.RuntimeFlags;

    /// <summary>Who makes control groups of new containers.</summary>
    /// <exception cref="ContainerEngineException">Unsupported or InvalidArgument.</exception>
    public string CgroupManager => Cgroups.SystemdCgroups.Choose(Options.CgroupManager, Conf.Engine.CgroupManager, Host);

    public void Dispose()
    {
        if (_database.IsValueCreated)
            _database.Value.Dispose();
        if (_storage.IsValueCreated)
            _storage.Value.Dispose();
    }

    private IReadOnlyList<ContainerMount> ConfiguredMounts() =>
        [.. Conf.Containers.Volumes.Select(text => MountParser.ParseVolume(text, "/")), .. Conf.Containers.Mounts.Select(text => MountParser.ParseMount(text, "/"))];

    private List<string> BuildChildEnvironment()
    {
        var variables = new List<string>(Conf.Engine.ConmonEnvironment);
        string[] kept = ["XDG_RUNTIME_DIR", "HOME", "_CONTAINERS_USERNS_CONFIGURED", "_CONTAINERS_ROOTLESS_UID", "_CONTAINERS_ROOTLESS_GID",
            "CONTAINERS_CONF", "CONTAINERS_CONF_OVERRIDE", "CONTAINERS_STORAGE_CONF", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "NETAVARK_FW"];
        foreach (var name in kept)
        {
            if (Environment.Variable(name) is { } value)
                variables.Add($"{name}={value}");
        }
        return variables;
    }
}

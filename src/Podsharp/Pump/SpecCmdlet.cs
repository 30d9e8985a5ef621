using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that make a container: its parameters, and the spec they make up.</summary>
public abstract partial class SpecCmdlet : PullCmdlet
{
    /// <summary>The image: a name or an id. When images come through the pipeline, the command may begin here.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Image { get; set; }

    /// <summary>The command and its arguments; the image's own when not given. Words that begin with a dash stand behind --.</summary>
    [Parameter(Position = 1, ValueFromRemainingArguments = true, ValueFromPipelineByPropertyName = true)]
    [CommandTransformation]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <summary>A root file system directory to use in place of an image; with ":O" behind it changes go to a layer over it.</summary>
    [Parameter]
    public string? RootFileSystem { get; set; }

    /// <summary>The spec of the parameters.</summary>
    /// <param name="image">The image that came through the pipeline, if one did.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    private protected ContainerSpec BuildSpec(ContainerImage? image)
    {
        // An image from the pipeline, or a root file system, leaves the first word to the command.
        var named = image is null && RootFileSystem is null;
        if (named && string.IsNullOrEmpty(Image))
            throw EngineErrors.InvalidArgument("no image is given", null, "name one, for example docker.io/library/alpine, or pipe one in");
        RootFileSystem? root = RootFileSystem is null ? null : Podsharp.Orchestration.Containers.RootFileSystem.Parse(RootFileSystem);
        var command = named || Image is null ? Command : [Image, .. Command];
        var spec = new ContainerSpec
        {
            Image = named ? Image! : image is null ? "" : ImageNameTransformationAttribute.NameOf(image)!,
            RootFs = root is null ? null : FullPath(root.Value.Path),
            RootFsOverlay = root is { Overlay: true },
            RootFsIdMap = root?.IdMap,
            Command = command,
            Name = Name,
            Replace = Replace,
            Pod = PodIdFile is null ? Pod : TextFile.Read(FullPath(PodIdFile)!).Trim(),
            PidFile = FullPath(PidFile),
            ConmonPidFile = FullPath(ConmonPidFile),
            Labels = TextFile.Labels(LabelFile.Select(file => FullPath(file)!), Label),
            Annotations = DictionaryTransformationAttribute.ToStrings(Annotation),
            PullPolicy = image is null ? PullPolicy : PullPolicy.Never,
            Platform = ChosenPlatform,
            Registry = BuildRegistryOptions(),
            Resources = BuildResources(),
            Ulimits = Ulimit,
        };
        return WithLife(WithSecurity(WithStorage(WithNetwork(WithProcess(spec)))));
    }

    /// <summary>Fetches the image where the policy asks for it, and makes the container.</summary>
    private protected async Task<Container> CreateAsync(ContainerSpec spec)
    {
        if (spec.RootFs is null && spec.PullPolicy != PullPolicy.Never
            && !(spec.PullPolicy == PullPolicy.Missing && await Engine.ImageExistsAsync(spec.Image, Cancellation)))
            await PullAsync(new ImagePullRequest
            {
                Reference = spec.Image,
                Policy = spec.PullPolicy,
                Platform = spec.Platform,
                Registry = spec.Registry,
            });
        if (IsVerbose)
            await TellRuntimeAsync();
        if (EnableBootUnit)
            await Engine.SetBootUnitAsync(enabled: true, Cancellation);
        var created = await Engine.CreateContainerAsync(spec, Cancellation);
        await WarnAsync(created.Warnings);
        return created.Container;
    }

    private ContainerSpec WithProcess(ContainerSpec spec) => spec with
    {
        EntryPoint = EntryPoint,
        WorkingDirectory = WorkingDirectory,
        User = User,
        Groups = AddGroup,
        Passwd = !NoPasswdEntry,
        PasswdEntry = PasswdEntry,
        GroupEntry = GroupEntry,
        HostUsers = HostUser,
        Personality = Personality,
        Terminal = Terminal,
        Input = Input,
        Init = Init,
        InitPath = FullPath(InitPath),
        Umask = Umask,
        Environment = BuildEnvironment(),
        EnvironmentMerge = DictionaryTransformationAttribute.ToStrings(EnvironmentMerge),
        RemoveEnvironment = RemoveEnvironment,
        ClearEnvironment = ClearEnvironment,
        TimeZone = TimeZone,
        HttpProxy = !NoHttpProxy,
    };

    private ContainerSpec WithNetwork(ContainerSpec spec)
    {
        var (mode, networks) = NetworkParser.Parse(Network);
        return spec with
        {
            Network = mode,
            Networks = NetworkParser.Apply(mode, networks, IPAddress?.ToString(), IPv6Address?.ToString(), MacAddress, NetworkAlias),
            Ports = Publish,
            PublishAll = PublishAll,
            Expose = [.. Expose.Select(PortMappingParser.ParseExposed)],
            HostName = HostName,
            NoHostName = NoHostName,
            HostsFile = HostsFile is null or "" or "image" or "none" ? HostsFile : FullPath(HostsFile),
            AddHosts = AddHost is null ? [] : [.. AddHost.Cast<DictionaryEntry>().Select(entry => $"{entry.Key}:{entry.Value}")],
            NoHosts = NoHosts,
            DnsServers = DnsServer,
            DnsSearch = DnsSearchDomain,
            DnsOptions = DnsOption,
        };
    }

    private ContainerSpec WithStorage(ContainerSpec spec) => spec with
    {
        Mounts = [.. Volume, .. Mount, .. Tmpfs],
        VolumesFrom = VolumeFrom,
        Secrets = Secret,
        ChrootDirectories = ChrootDirectory,
        ReadOnly = ReadOnly,
        ReadOnlyTmpfs = !NoReadOnlyTmpfs,
        ShmSize = ShmSize,
        SystemdShmSize = SystemdShmSize,
        ImageVolumes = ImageVolumeMode.ToLowerInvariant(),
    };

    private ContainerSpec WithSecurity(ContainerSpec spec) => spec with
    {
        Privileged = Privileged,
        Devices = Device,
        DeviceRules = DeviceRule,
        Gpus = Gpu,
        RdtClass = RdtClass,
        AddCapabilities = AddCapability,
        DropCapabilities = DropCapability,
        SeccompPolicy = SeccompPolicy.ToLowerInvariant(),
        SecurityOptions = SecurityOption,
        Sysctls = DictionaryTransformationAttribute.ToStrings(Sysctl),
        UserNamespace = UserNamespace,
        UserMap = UserMap,
        GroupMap = GroupMap,
        SubUserName = SubUserName,
        SubGroupName = SubGroupName,
        PidNamespace = PidNamespace ?? NamespaceMode.Default,
        IpcNamespace = IpcNamespace ?? NamespaceMode.Default,
        UtsNamespace = UtsNamespace ?? NamespaceMode.Default,
        CgroupNamespace = CgroupNamespace ?? NamespaceMode.Default,
        CgroupParent = CgroupParent,
        Cgroups = CgroupMode.Equals("NoConmon", StringComparison.OrdinalIgnoreCase) ? "no-conmon" : CgroupMode.ToLowerInvariant(),
    };

    private ContainerSpec WithLife(ContainerSpec spec)
    {
        if (StopSignal is not null)
            SignalNames.Parse(StopSignal);
        return spec with
        {
            AutoRemove = AutoRemove || AutoRemoveImage,
            RemoveImage = AutoRemoveImage,
            RestartPolicy = RestartPolicy ?? Model.RestartPolicy.No,
            StopSignal = StopSignal,
            StopTimeout = StopTimeout,
            Timeout = Timeout,
            Requires = Requires,
            Health = BuildHealth(),
            Systemd = SystemdMode.ToLowerInvariant(),
            SdNotify = SdNotify.ToLowerInvariant(),
            LogDriver = LogDriver,
            LogOptions = BuildLogOptions(),
            Runtime = Runtime,
        };
    }

    private Dictionary<string, string> BuildLogOptions()
    {
        var options = new Dictionary<string, string>(DictionaryTransformationAttribute.ToStrings(LogOption), StringComparer.Ordinal);
        if (options.TryGetValue("path", out var path))
            options["path"] = FullPath(path)!;
        return options;
    }

    private ResourceLimits BuildResources() => new()
    {
        Memory = Memory,
        MemoryReservation = MemoryReservation,
        MemorySwap = MemorySwap,
        MemorySwappiness = MemorySwappiness,
        Cpus = Cpu,
        CpuPeriod = CpuPeriod,
        CpuQuota = CpuQuota,
        CpuShares = CpuShare,
        CpuSetCpus = CpuSet,
        CpuSetMems = MemoryNode,
        PidsLimit = ProcessLimit,
        OomKillDisable = DisableOomKill,
        OomScoreAdj = OomScoreAdjust,
        CpuRealtimePeriod = CpuRealtimePeriod,
        CpuRealtimeRuntime = CpuRealtimeRuntime,
        BlockWeight = IoWeight,
        BlockDeviceWeights = IoWeightDevice,
        DeviceReadRates = DeviceReadRate,
        DeviceWriteRates = DeviceWriteRate,
        DeviceReadOperations = DeviceReadIops,
        DeviceWriteOperations = DeviceWriteIops,
        CgroupSettings = CgroupSetting is null ? null : DictionaryTransformationAttribute.ToStrings(CgroupSetting),
    };

    private IReadOnlyDictionary<string, string> BuildEnvironment()
    {
        var given = DictionaryTransformationAttribute.ToStrings(Environment);
        if (EnvironmentFile.Length == 0 && !InheritEnvironment)
            return given;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var session = SessionVariables();
        if (InheritEnvironment)
            foreach (var (name, value) in session)
                variables[name] = value;
        foreach (var path in EnvironmentFile.Select(FullPath))
            EnvironmentParser.Parse(EnvironmentParser.ReadFile(TextFile.Read(path!), path!), session, variables);
        foreach (var (name, value) in given)
            variables[name] = value;
        return variables;
    }

    internal static Dictionary<string, string> SessionVariables() => System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}

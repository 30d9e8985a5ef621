using System.Text.Json;
using Podsharp.Engine.Host;
using Podsharp.Engine.Json;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>Reads the JSON columns. What is missing has the record's own default; what a newer build added is passed over.</summary>
/// <remarks>Every function throws <see cref="JsonException"/> on what no build wrote.</remarks>
internal static class StateReader
{
    internal static ContainerConfig ReadConfig(string json) => JsonRow.Parse(json, Config);

    internal static ContainerRun ReadRun(string json) => JsonRow.Parse(json, Run);

    internal static ExecSpec ReadExec(string json) => JsonRow.Parse(json, Exec);

    internal static Dictionary<string, string> ReadLabels(string json) => JsonRow.Parse(json, row => row.Members());

    private static ContainerConfig Config(JsonRow row) => new()
    {
        Id = row.Required("id"),
        Name = row.Required("name"),
        Spec = row.Object("spec", Spec) ?? throw new JsonException("spec is missing"),
        ImageName = row.Text("imageName", ""),
        ImageId = row.Text("imageId", ""),
        ImageDigest = row.Text("imageDigest", ""),
        ImageConfig = row.Object("imageConfig", Image) ?? new(),
        Labels = row.Map("labels") ?? EmptyDictionary.Strings,
        Command = row.Texts("command") ?? [],
        Ports = row.Objects("ports", Port) ?? [],
        ExposedPorts = row.Texts("exposedPorts") ?? [],
        Networks = row.Objects("networks", Attachment) ?? [],
        Mounts = row.Objects("mounts", Mount) ?? [],
        RuntimeName = row.Text("runtimeName", ""),
        RuntimePath = row.Text("runtimePath", ""),
        LogDriver = row.Text("logDriver", ""),
        LogPath = row.Text("logPath", ""),
        LogSizeMax = row.Long("logSizeMax") ?? 0,
        LogFiles = row.Int("logFiles"),
        LogTag = row.Text("logTag", ""),
        NotifySocket = row.Text("notifySocket", ""),
        Health = row.Object("health", HealthStateJson.ReadConfig) ?? new(),
        StopSignal = row.Int("stopSignal", 15),
        StopTimeout = row.Int("stopTimeout", 10),
        CgroupPath = row.Text("cgroupPath", ""),
        CgroupSlice = row.Text("cgroupSlice", ""),
        PodId = row.Text("podId", ""),
        InfraId = row.Text("infraId", ""),
        AppArmorProfile = row.Text("appArmorProfile"),
        ProcessLabel = row.Text("processLabel", ""),
        MountLabel = row.Text("mountLabel", ""),
        Network = row.Object("network", Namespace) ?? new(NamespaceKind.None),
        UserNamespace = row.Object("userNamespace", Namespace) ?? new(NamespaceKind.Host),
        UserIdMap = row.Objects("userIdMap", Range) ?? [],
        GroupIdMap = row.Objects("groupIdMap", Range) ?? [],
    };

    private static IdMapping Range(JsonRow row) => new((uint)(row.Long("inside") ?? 0), (uint)(row.Long("outside") ?? 0), (uint)(row.Long("count") ?? 0));

    private static ContainerRun Run(JsonRow row) => new()
    {
        RootPath = row.Text("rootPath", ""),
        NetnsPath = row.Text("netnsPath", ""),
        NetworkRequest = row.Text("networkRequest"),
        FormerNetworkRequest = row.Text("formerNetworkRequest"),
        NetworkStatus = row.Objects("networkStatus", Status) ?? [],
        Process = row.Object("process", Process),
        MountPoints = row.Objects("mountPoints", MountPoint) ?? [],
        Capabilities = row.Texts("capabilities") ?? [],
    };

    private static ExecSpec Exec(JsonRow row) => new()
    {
        Command = row.Texts("command") ?? [],
        Terminal = row.Flag("terminal"),
        Input = row.Flag("input"),
        User = row.Text("user"),
        WorkingDirectory = row.Text("workingDirectory"),
        Environment = row.Map("environment") ?? EmptyDictionary.Strings,
        PreserveDescriptors = row.Ints("preserveDescriptors") ?? [],
        Privileged = row.Flag("privileged"),
        Detached = row.Flag("detached"),
    };

    internal static ContainerSpec Spec(JsonRow row) => new()
    {
        Image = row.Text("image", ""),
        RootFs = row.Text("rootFs"),
        RootFsOverlay = row.Flag("rootFsOverlay"),
        RootFsIdMap = row.Text("rootFsIdMap"),
        Name = row.Text("name"),
        Replace = row.Flag("replace"),
        CheckPorts = row.Flag("checkPorts"),
        IdFile = row.Text("idFile"),
        PidFile = row.Text("pidFile"),
        ConmonPidFile = row.Text("conmonPidFile"),
        PullPolicy = (PullPolicy)row.Enumeration("pullPolicy", StateJson.PullPolicies),
        Registry = row.Object("registry", Registry) ?? new(),
        Platform = row.Object("platform", Platform),
        EntryPoint = row.Texts("entryPoint"),
        Command = row.Texts("command") ?? [],
        WorkingDirectory = row.Text("workingDirectory"),
        User = row.Text("user"),
        Groups = row.Texts("groups") ?? [],
        Passwd = row.Flag("passwd", true),
        PasswdEntry = row.Text("passwdEntry"),
        GroupEntry = row.Text("groupEntry"),
        HostUsers = row.Texts("hostUsers") ?? [],
        Personality = row.Text("personality"),
        Terminal = row.Flag("terminal"),
        Input = row.Flag("input"),
        PreserveDescriptors = row.Ints("preserveDescriptors") ?? [],
        Environment = row.Map("environment") ?? EmptyDictionary.Strings,
        EnvironmentMerge = row.Map("environmentMerge") ?? EmptyDictionary.Strings,
        RemoveEnvironment = row.Texts("removeEnvironment") ?? [],
        ClearEnvironment = row.Flag("clearEnvironment"),
        TimeZone = row.Text("timeZone"),
        Labels = row.Map("labels") ?? EmptyDictionary.Strings,
        Annotations = row.Map("annotations") ?? EmptyDictionary.Strings,
        HostName = row.Text("hostName"),
        NoHostName = row.Flag("noHostName"),
        Network = row.Object("network", Namespace) ?? NamespaceMode.Default,
        Networks = row.Objects("networks", Attachment) ?? [],
        Ports = row.Objects("ports", Port) ?? [],
        PublishAll = row.Flag("publishAll"),
        Expose = row.Texts("expose") ?? [],
        AddHosts = row.Texts("addHosts") ?? [],
        NoHosts = row.Flag("noHosts"),
        HostsFile = row.Text("hostsFile"),
        DnsServers = row.Texts("dnsServers") ?? [],
        DnsSearch = row.Texts("dnsSearch") ?? [],
        DnsOptions = row.Texts("dnsOptions") ?? [],
        Mounts = row.Objects("mounts", Mount) ?? [],
        VolumesFrom = row.Texts("volumesFrom") ?? [],
        ChrootDirectories = row.Texts("chrootDirectories") ?? [],
        Secrets = row.Objects("secrets", Secret) ?? [],
        ReadOnly = row.Flag("readOnly"),
        ReadOnlyTmpfs = row.Flag("readOnlyTmpfs", true),
        ShmSize = row.Long("shmSize"),
        SystemdShmSize = row.Long("systemdShmSize"),
        ImageVolumes = row.Text("imageVolumes", "anonymous"),
        Resources = row.Object("resources", Resources) ?? new(),
        Ulimits = row.Objects("ulimits", Limit) ?? [],
        Privileged = row.Flag("privileged"),
        Devices = row.Texts("devices") ?? [],
        DeviceRules = row.Texts("deviceRules") ?? [],
        Gpus = row.Texts("gpus") ?? [],
        RdtClass = row.Text("rdtClass"),
        AddCapabilities = row.Texts("addCapabilities") ?? [],
        DropCapabilities = row.Texts("dropCapabilities") ?? [],
        SecurityOptions = row.Texts("securityOptions") ?? [],
        SeccompPolicy = row.Text("seccompPolicy", "default"),
        Sysctls = row.Map("sysctls") ?? EmptyDictionary.Strings,
        UserNamespace = row.Text("userNamespace"),
        UserMap = row.Texts("userMap") ?? [],
        GroupMap = row.Texts("groupMap") ?? [],
        SubUserName = row.Text("subUserName"),
        SubGroupName = row.Text("subGroupName"),
        PidNamespace = row.Object("pidNamespace", Namespace) ?? NamespaceMode.Default,
        IpcNamespace = row.Object("ipcNamespace", Namespace) ?? NamespaceMode.Default,
        UtsNamespace = row.Object("utsNamespace", Namespace) ?? NamespaceMode.Default,
        CgroupNamespace = row.Object("cgroupNamespace", Namespace) ?? NamespaceMode.Default,
        CgroupParent = row.Text("cgroupParent"),
        Cgroups = row.Text("cgroups", "enabled"),
        Pod = row.Text("pod"),
        InitContainer = row.Text("initContainer"),
        Init = row.Flag("init"),
        InitPath = row.Text("initPath"),
        Systemd = row.Text("systemd", "true"),
        AutoRemove = row.Flag("autoRemove"),
        RemoveImage = row.Flag("removeImage"),
        RestartPolicy = row.Object("restartPolicy", Restart) ?? RestartPolicy.No,
        StopSignal = row.Text("stopSignal"),
        StopTimeout = row.OptionalInt("stopTimeout"),
        Timeout = row.OptionalInt("timeout"),
        Requires = row.Objects("requires", Requirement) ?? [],
        Health = row.Object("health", HealthStateJson.ReadSpec) ?? new(),
        SdNotify = row.Text("sdNotify", "ignore"),
        LogDriver = row.Text("logDriver"),
        LogOptions = row.Map("logOptions") ?? EmptyDictionary.Strings,
        Runtime = row.Text("runtime"),
        Umask = row.Text("umask"),
        HttpProxy = row.Flag("httpProxy", true),
        CreateCommand = row.Texts("createCommand") ?? [],
    };

    private static RegistryOptions Registry(JsonRow row) => new()
    {
        AuthFile = row.Text("authFile"),
        UserName = row.Text("userName"),
        Password = row.Text("password"),
        CertificateDirectory = row.Text("certificateDirectory"),
        TlsVerify = row.OptionalFlag("tlsVerify"),
        SignaturePolicy = row.Text("signaturePolicy"),
        Retry = row.OptionalInt("retry"),
        RetryDelay = row.Duration("retryDelay"),
    };

    private static ImageConfig Image(JsonRow row) => new()
    {
        User = row.Text("user", ""),
        Environment = row.Texts("environment") ?? [],
        EntryPoint = row.Texts("entryPoint") ?? [],
        Command = row.Texts("command") ?? [],
        WorkingDirectory = row.Text("workingDirectory", ""),
        Volumes = row.Texts("volumes") ?? [],
        ExposedPorts = row.Texts("exposedPorts") ?? [],
        Labels = row.Map("labels") ?? EmptyDictionary.Strings,
        StopSignal = row.Text("stopSignal", ""),
        HealthCheck = row.Object("healthCheck", HealthStateJson.ReadCheck),
        OnBuild = row.Texts("onBuild") ?? [],
        Shell = row.Texts("shell") ?? [],
    };

    private static ResourceLimits Resources(JsonRow row) => new()
    {
        Memory = row.Long("memory"),
        MemoryReservation = row.Long("memoryReservation"),
        MemorySwap = row.Long("memorySwap"),
        MemorySwappiness = row.Long("memorySwappiness"),
        Cpus = row.Double("cpus"),
        CpuPeriod = row.UnsignedLong("cpuPeriod"),
        CpuQuota = row.Long("cpuQuota"),
        CpuShares = row.UnsignedLong("cpuShares"),
        CpuRealtimePeriod = row.UnsignedLong("cpuRealtimePeriod"),
        CpuRealtimeRuntime = row.Long("cpuRealtimeRuntime"),
        CpuSetCpus = row.Text("cpuSetCpus"),
        CpuSetMems = row.Text("cpuSetMems"),
        PidsLimit = row.Long("pidsLimit"),
        OomKillDisable = row.Flag("oomKillDisable"),
        OomScoreAdj = row.OptionalInt("oomScoreAdj"),
        BlockWeight = row.OptionalInt("blockWeight"),
        BlockDeviceWeights = row.Objects("blockDeviceWeights", Device),
        DeviceReadRates = row.Objects("deviceReadRates", Device),
        DeviceWriteRates = row.Objects("deviceWriteRates", Device),
        DeviceReadOperations = row.Objects("deviceReadOperations", Device),
        DeviceWriteOperations = row.Objects("deviceWriteOperations", Device),
        CgroupSettings = row.Map("cgroupSettings"),
    };

    private static DeviceLimit Device(JsonRow row) => new(row.Required("path"), row.Long("value") ?? 0);

    private static SecretUse Secret(JsonRow row) => new()
    {
        Secret = row.Required("secret"),
        IsVariable = row.Flag("isVariable"),
        Target = row.Text("target", ""),
        UserId = (uint)(row.Long("userId") ?? 0),
        GroupId = (uint)(row.Long("groupId") ?? 0),
        Mode = row.Int("mode", SecretUse.DefaultMode),
        Id = row.Text("id", ""),
    };

    private static ContainerMount Mount(JsonRow row) => new()
    {
        Type = (MountType)row.Enumeration("type", StateJson.MountTypes),
        Source = row.Text("source", ""),
        Target = row.Required("target"),
        Options = row.Texts("options") ?? [],
        SubPath = row.Text("subPath"),
    };

    private static PortMapping Port(JsonRow row) => new()
    {
        HostIp = row.Text("hostIp", ""),
        HostPort = row.Int("hostPort"),
        ContainerPort = row.Int("containerPort"),
        Range = row.Int("range", 1),
        Protocol = row.Text("protocol", "tcp"),
    };

    private static NetworkAttachment Attachment(JsonRow row) => new()
    {
        Network = row.Text("network", ""),
        StaticIps = row.Texts("staticIps") ?? [],
        StaticMac = row.Text("staticMac"),
        Aliases = row.Texts("aliases") ?? [],
        InterfaceName = row.Text("interfaceName"),
        HostInterfaceName = row.Text("hostInterfaceName"),
    };

    private static ContainerProcessConfig Process(JsonRow row) => new()
    {
        Arguments = row.Texts("arguments") ?? [],
        EntryPoint = row.Texts("entryPoint") ?? [],
        Command = row.Texts("command") ?? [],
        Environment = row.Texts("environment") ?? [],
        WorkingDirectory = row.Text("workingDirectory", "/"),
        User = row.Text("user", ""),
        StopSignal = row.Int("stopSignal", 15),
        StopTimeout = row.Int("stopTimeout", 10),
        Systemd = row.Flag("systemd"),
        HostName = row.Text("hostName", ""),
    };

    private static ContainerMountPoint MountPoint(JsonRow row) => new()
    {
        Type = (MountType)row.Enumeration("type", StateJson.MountTypes),
        VolumeName = row.Text("volumeName", ""),
        Source = row.Text("source", ""),
        Destination = row.Text("destination", ""),
        Driver = row.Text("driver", ""),
        Options = row.Texts("options") ?? [],
        Writable = row.Flag("writable"),
        Propagation = row.Text("propagation", ""),
    };

    private static NetworkStatus Status(JsonRow row) => new()
    {
        Network = row.Required("network"),
        NetworkId = row.Text("networkId", ""),
        InterfaceName = row.Text("interfaceName", ""),
        MacAddress = row.Text("macAddress", ""),
        Addresses = row.Texts("addresses") ?? [],
        Gateways = row.Texts("gateways") ?? [],
        DnsServers = row.Texts("dnsServers") ?? [],
        DnsSearch = row.Texts("dnsSearch") ?? [],
        Aliases = row.Texts("aliases") ?? [],
    };

    private static Ulimit Limit(JsonRow row) => new(row.Required("name"), row.Long("soft") ?? 0, row.Long("hard") ?? 0);

    private static NamespaceMode Namespace(JsonRow row) => new((NamespaceKind)row.Enumeration("kind", StateJson.NamespaceKinds), row.Text("target"));

    private static ContainerRequirement Requirement(JsonRow row) =>
        new(row.Required("container"), (RequirementCondition)row.Enumeration("condition", StateJson.RequirementConditions));

    private static RestartPolicy Restart(JsonRow row) => new((RestartPolicyKind)row.Enumeration("kind", StateJson.RestartPolicies), row.Int("maximumRetries", 0));

    private static ImagePlatform Platform(JsonRow row) => new(row.Text("os", ""), row.Text("architecture", ""), row.Text("variant", ""));
}

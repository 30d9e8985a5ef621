using System.Globalization;
using System.Text.Json;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Images;

namespace Podsharp.Orchestration.Containers;

/// <summary>Turns the options of <c>run</c> and <c>create</c> into a <see cref="ContainerSpec"/>.</summary>
public static class ContainerSpecBuilder
{
    /// <summary>Reads a command line.</summary>
    /// <param name="line">The parsed command.</param>
    /// <param name="caller">The caller's directory, variables and files.</param>
    /// <param name="createCommand">The whole command line, for inspect.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument or Unsupported.</exception>
    public static RunRequest Build(ParsedCommand line, CallerContext caller, IReadOnlyList<string> createCommand)
    {
        var spec = new ContainerSpec { Command = [.. line.Arguments.Skip(1)], CreateCommand = createCommand };
        if (!line.Flag("rootfs"))
            spec = spec with { Image = line.Arguments[0] };
        else if (RootFileSystem.Parse(line.Arguments[0]) is var root)
            spec = spec with { RootFs = caller.Resolve(root.Path), RootFsOverlay = root.Overlay, RootFsIdMap = root.IdMap };
        spec = WithProcess(WithIdentity(spec, line, caller), line, caller);
        spec = WithStorage(WithNetwork(spec, line, caller), line, caller);
        spec = WithSecurity(WithLifeCycle(spec, line, caller), line) with { Resources = Resources(line), CheckPorts = line.Command.Id == CommandId.Run };
        var detach = line.Command.Id == CommandId.Run && line.Flag("detach");
        var request = new RunRequest
        {
            Spec = spec,
            Detach = detach,
            Attach = Attachment(line),
            DetachKeys = line.Command.Id == CommandId.Run ? line.Text("detach-keys") : null,
            SignalProxy = line.Command.Id == CommandId.Run && line.Flag("sig-proxy"),
            Quiet = line.Flag("quiet"),
        };
        if (spec.Replace && spec.Name is null)
            throw EngineErrors.InvalidArgument("cannot replace container without --name being set", null, "add --name");
        if (spec.LogDriver is "passthrough" or "passthrough-tty" && line.Given("attach"))
            throw EngineErrors.InvalidArgument($"cannot specify --attach with --log-driver={spec.LogDriver}", null, "leave one of them out");
        if (detach && line.Given("attach"))
            throw EngineErrors.InvalidArgument("--attach and --detach exclude each other", null, "leave one of them out");
        return request;
    }

    /// <summary>Reads the options that <c>pod create</c> has in common with containers: the infra container's, with the pod's limits.</summary>
    internal static ContainerSpec Infra(ParsedCommand line, CallerContext caller) =>
        WithSecurity(WithStorage(WithNetwork(new ContainerSpec(), line, caller), line, caller), line) with
        {
            Resources = Resources(line),
            RestartPolicy = RestartPolicy.Parse(line.Text("restart") ?? ""),
            ReadOnlyTmpfs = true,
        };

    /// <summary>Reads the options that <c>build</c> has in common with containers: what those of RUN get.</summary>
    internal static ContainerSpec Step(ParsedCommand line, CallerContext caller) => WithSecurity(WithNetwork(new ContainerSpec(), line, caller), line) with
    {
        Mounts = [.. line.List("volume").Select(volume => MountParser.ParseVolume(volume, caller.Directory))],
        Resources = Resources(line),
        ShmSize = Size(line, "shm-size"),
        HttpProxy = line.Flag("http-proxy"),
        Groups = line.List("group-add"),
        UserMap = line.List("userns-uid-map"),
        GroupMap = line.List("userns-gid-map"),
        SubUserName = line.Text("userns-uid-map-user"),
        SubGroupName = line.Text("userns-gid-map-group"),
    };

    /// <summary>Reads --label and --label-file.</summary>
    internal static IReadOnlyDictionary<string, string> Labels(ParsedCommand line, CallerContext caller) => LabelFiles.Read(
        line.List("label-file").Select(file => (file, ReadFile(caller, file))), caller.Environment, KeyValueParser.Parse(line.List("label"), "label"));

    /// <summary>Reads registry options, shared with <c>pull</c>.</summary>
    public static RegistryOptions Registry(ParsedCommand line, CallerContext caller)
    {
        string? user = null, password = null;
        if (line.Text("creds") is { } credentials)
        {
            var colon = credentials.IndexOf(':');
            (user, password) = colon < 0 ? (credentials, "") : (credentials[..colon], credentials[(colon + 1)..]);
        }
        var authFile = line.Text("authfile") ?? caller.Environment.GetValueOrDefault("REGISTRY_AUTH_FILE");
        return new()
        {
            AuthFile = string.IsNullOrEmpty(authFile) ? null : caller.Resolve(authFile),
            UserName = user,
            Password = password,
            CertificateDirectory = line.Text("cert-dir") is { } directory ? caller.Resolve(directory) : null,
            TlsVerify = line.Given("tls-verify") ? line.Flag("tls-verify") : null,
            SignaturePolicy = line.Text("signature-policy") is { Length: > 0 } policy ? caller.Resolve(policy) : null,
            DecryptionKeys = EncryptionOptions.DecryptionKeys(line, caller),
            Retry = (int?)line.Number("retry"),
            RetryDelay = line.Text("retry-delay") is { } delay ? DurationParser.Parse(delay, "--retry-delay") : null,
        };
    }

    /// <summary>Reads --platform, or --os, --arch and --variant.</summary>
    public static ImagePlatform? Platform(ParsedCommand line) =>
        ImagePlatform.Choose(line.Text("platform") is { Length: > 0 } platform ? ImagePlatform.Parse(platform) : null, line.Text("os"), line.Text("arch"), line.Text("variant"));

    /// <summary>Reads a pull policy.</summary>
    public static PullPolicy Policy(string text) => text.ToLowerInvariant() switch
    {
        "missing" or "ifnotpresent" or "" => PullPolicy.Missing,
        "always" or "true" => PullPolicy.Always,
        "never" or "false" => PullPolicy.Never,
        "newer" or "ifnewer" => PullPolicy.Newer,
        _ => throw EngineErrors.InvalidArgument($"unknown pull policy \"{text}\"", text, "use always, missing, never or newer"),
    };

    private static ContainerSpec WithIdentity(ContainerSpec spec, ParsedCommand line, CallerContext caller)
    {
        return spec with
        {
            Name = line.Text("name"),
            Replace = line.Flag("replace"),
            IdFile = FullPath(line, caller, "cidfile"),
            PidFile = FullPath(line, caller, "pidfile"),
            ConmonPidFile = FullPath(line, caller, "conmon-pidfile"),
            Labels = Labels(line, caller),
            Annotations = KeyValueParser.Parse(line.List("annotation"), "annotation", valueNeeded: true),
            PullPolicy = Policy(line.Text("pull") ?? "missing"),
            Registry = Registry(line, caller),
            Platform = Platform(line),
        };
    }

    private static ContainerSpec WithProcess(ContainerSpec spec, ParsedCommand line, CallerContext caller) => spec with
    {
        EntryPoint = line.Text("entrypoint") is { } entryPoint ? EntryPoint(entryPoint) : null,
        WorkingDirectory = WorkingDirectory(line),
        User = line.Text("user"),
        Groups = line.List("group-add"),
        Passwd = line.Command.FindOption("passwd") is null || line.Flag("passwd"),
        PasswdEntry = line.Text("passwd-entry"),
        GroupEntry = line.Text("group-entry"),
        HostUsers = line.List("hostuser"),
        Personality = line.Text("personality"),
        Terminal = line.Flag("tty"),
        Input = line.Flag("interactive"),
        PreserveDescriptors = Descriptors(line),
        Init = line.Flag("init"),
        InitPath = FullPath(line, caller, "init-path"),
        Umask = line.Given("umask") ? Umask(line.Text("umask")!) : null,
        Environment = Variables(line, caller),
        EnvironmentMerge = KeyValueParser.Parse(line.List("env-merge"), "variable to merge", valueNeeded: true),
        RemoveEnvironment = line.List("unsetenv"),
        ClearEnvironment = line.Flag("unsetenv-all"),
        TimeZone = line.Text("tz"),
        HttpProxy = line.Flag("http-proxy"),
    };

    private static string? FullPath(ParsedCommand line, CallerContext caller, string option) =>
        line.Text(option) is { Length: > 0 } path ? caller.Resolve(path) : null;

    private static ContainerSpec WithNetwork(ContainerSpec spec, ParsedCommand line, CallerContext caller)
    {
        var (mode, networks) = NetworkParser.Parse(line.List("network"));
        return spec with
        {
            Network = mode,
            Networks = NetworkParser.Apply(mode, networks, line.Text("ip"), line.Text("ip6"), line.Text("mac-address"), line.List("network-alias")),
            Ports = [.. line.List("publish").Select(PortMappingParser.Parse)],
            PublishAll = line.Flag("publish-all"),
            Expose = [.. line.List("expose").Select(PortMappingParser.ParseExposed)],
            HostName = line.Text("hostname"),
            NoHostName = line.Flag("no-hostname"),
            HostsFile = line.Text("hosts-file") is { Length: > 0 } file and not ("image" or "none") ? caller.Resolve(file) : line.Text("hosts-file"),
            AddHosts = [.. line.List("add-host").Select(AddHost)],
            NoHosts = line.Flag("no-hosts"),
            DnsServers = line.List("dns"),
            DnsSearch = line.List("dns-search"),
            DnsOptions = line.List("dns-option"),
        };
    }

    private static ContainerSpec WithStorage(ContainerSpec spec, ParsedCommand line, CallerContext caller) => spec with
    {
        Mounts =
        [
            .. line.List("volume").Select(v => MountParser.ParseVolume(v, caller.Directory)),
            .. line.List("mount").Select(m => MountParser.ParseMount(m, caller.Directory)),
            .. line.List("tmpfs").Select(MountParser.ParseTmpfs),
        ],
        VolumesFrom = line.List("volumes-from"),
        Secrets = [.. line.List("secret").Select(SecretParser.Parse)],
        ChrootDirectories = line.List("chrootdirs"),
        ReadOnly = line.Flag("read-only"),
        ReadOnlyTmpfs = line.Flag("read-only-tmpfs"),
        ShmSize = line.Text("shm-size") is { } size ? SizeParser.Parse(size, "shm-size") : null,
        SystemdShmSize = line.Text("shm-size-systemd") is { } memory ? SizeParser.Parse(memory, "shm-size-systemd") : null,
        ImageVolumes = line.Text("image-volume") switch
        {
            null or "anonymous" or "bind" => "anonymous",
            "tmpfs" => "tmpfs",
            "ignore" => "ignore",
            var other => throw EngineErrors.InvalidArgument($"invalid value \"{other}\" for --image-volume", other, "use anonymous, tmpfs or ignore"),
        },
    };

    private static ContainerSpec WithSecurity(ContainerSpec spec, ParsedCommand line) => spec with
    {
        Privileged = line.Flag("privileged"),
        Devices = line.List("device"),
        DeviceRules = line.List("device-cgroup-rule"),
        Gpus = line.List("gpus"),
        RdtClass = line.Text("rdt-class"),
        AddCapabilities = line.List("cap-add"),
        DropCapabilities = line.List("cap-drop"),
        SecurityOptions = line.List("security-opt"),
        SeccompPolicy = line.Text("seccomp-policy") ?? "default",
        Sysctls = KeyValueParser.Parse(line.List("sysctl"), "sysctl", valueNeeded: true),
        UserNamespace = line.Text("userns"),
        UserMap = line.List("uidmap"),
        GroupMap = line.List("gidmap"),
        SubUserName = line.Text("subuidname"),
        SubGroupName = line.Text("subgidname"),
        PidNamespace = NamespaceMode.Parse(line.Text("pid") ?? "", "--pid"),
        IpcNamespace = NamespaceMode.Parse(line.Text("ipc") ?? "", "--ipc"),
        UtsNamespace = NamespaceMode.Parse(line.Text("uts") ?? "", "--uts"),
        CgroupNamespace = NamespaceMode.Parse(line.Text("cgroupns") ?? "", "--cgroupns"),
        CgroupParent = line.Text("cgroup-parent"),
        Cgroups = line.Text("cgroups") ?? "enabled",
        Ulimits = [.. line.List("ulimit").Select(UlimitParser.Parse)],
    };

    private static ContainerSpec WithLifeCycle(ContainerSpec spec, ParsedCommand line, CallerContext caller)
    {
        if (line.Text("stop-signal") is { } signal)
            SignalNames.Parse(signal);
        var removeImage = line.Command.FindOption("rmi") is not null && line.Flag("rmi");
        return spec with
        {
            AutoRemove = line.Flag("rm") || removeImage,
            RemoveImage = removeImage,
            RestartPolicy = RestartPolicy.Parse(line.Text("restart") ?? ""),
            StopSignal = line.Text("stop-signal"),
            StopTimeout = line.Given("stop-timeout") ? (int?)line.Number("stop-timeout") : null,
            Timeout = line.Number("timeout") is { } timeout and not 0 ? (int)Between(timeout, 0, int.MaxValue, "timeout") : null,
            Requires = [.. line.List("requires").Select(RequirementParser.Parse)],
            Health = HealthParser.Parse(line, caller),
            Systemd = line.Text("systemd")!.ToLowerInvariant(),
            SdNotify = line.Text("sdnotify")!,
            Pod = Pod(line, caller),
            InitContainer = line.Command.Id == CommandId.Create ? line.Text("init-ctr") : null,
            LogDriver = line.Text("log-driver"),
            LogOptions = LogOptions(line, caller),
        };
    }

    private static string? Pod(ParsedCommand line, CallerContext caller)
    {
        if (line.Text("pod-id-file") is not { Length: > 0 } file)
            return line.Text("pod") is { Length: > 0 } pod ? pod : null;
        return !line.Given("pod") ? ReadFile(caller, file).Trim()
            : throw EngineErrors.InvalidArgument("cannot specify both --pod and --pod-id-file", null, "leave one of them out");
    }

    /// <summary>Reads --preserve-fd and --preserve-fds: where the numbers are told, those alone.</summary>
    internal static IReadOnlyList<int> Descriptors(ParsedCommand line)
    {
        if (line.Command.FindOption("preserve-fds") is null)
            return [];
        var named = line.List("preserve-fd");
        if (named.Count == 0)
            return [.. Enumerable.Range(3, (int)Between(line.Number("preserve-fds") ?? 0, 0, 1024, "preserve-fds"))];
        return [.. named.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw EngineErrors.InvalidArgument($"\"{text}\" is not a file descriptor", text, "give its number"))];
    }

    private static IReadOnlyDictionary<string, string> LogOptions(ParsedCommand line, CallerContext caller)
    {
        var options = KeyValueParser.Parse(line.List("log-opt"), "log option", valueNeeded: true);
        if (options.TryGetValue("path", out var path))
            options["path"] = caller.Resolve(path);
        return options;
    }

    internal static ResourceLimits Resources(ParsedCommand line) => new()
    {
        Memory = Size(line, "memory"),
        MemoryReservation = Size(line, "memory-reservation"),
        MemorySwap = line.Text("memory-swap") is { } swap ? SizeParser.ParseOrUnlimited(swap, "memory-swap") : null,
        MemorySwappiness = line.Number("memory-swappiness") is { } swappiness and not -1 ? Between(swappiness, 0, 100, "memory-swappiness") : null,
        Cpus = line.Decimal("cpus") is { } cpus and not 0 ? cpus > 0 ? cpus : throw OutOfRange("cpus", "give a number above 0") : null,
        CpuPeriod = (ulong?)line.Number("cpu-period"),
        CpuQuota = line.Number("cpu-quota"),
        CpuShares = (ulong?)line.Number("cpu-shares"),
        CpuSetCpus = line.Text("cpuset-cpus"),
        CpuSetMems = line.Text("cpuset-mems"),
        CpuRealtimePeriod = line.Number("cpu-rt-period") is { } period and not 0 ? (ulong)Between(period, 0, long.MaxValue, "cpu-rt-period") : null,
        CpuRealtimeRuntime = line.Number("cpu-rt-runtime") is not 0 ? line.Number("cpu-rt-runtime") : null,
        PidsLimit = line.Number("pids-limit"),
        OomKillDisable = line.Flag("oom-kill-disable"),
        OomScoreAdj = line.Number("oom-score-adj") is { } score ? (int)Between(score, -1000, 1000, "oom-score-adj") : null,
        BlockWeight = line.Number("blkio-weight") is { } weight and not 0 ? (int)Between(weight, 10, 1000, "blkio-weight") : null,
        BlockDeviceWeights = DeviceLimitParser.Parse(line.List("blkio-weight-device"), "blkio-weight-device", sizes: false),
        DeviceReadRates = DeviceLimitParser.Parse(line.List("device-read-bps"), "device-read-bps", sizes: true),
        DeviceWriteRates = DeviceLimitParser.Parse(line.List("device-write-bps"), "device-write-bps", sizes: true),
        DeviceReadOperations = DeviceLimitParser.Parse(line.List("device-read-iops"), "device-read-iops", sizes: false),
        DeviceWriteOperations = DeviceLimitParser.Parse(line.List("device-write-iops"), "device-write-iops", sizes: false),
        CgroupSettings = line.List("cgroup-conf") is { Count: > 0 } settings ? KeyValueParser.Parse(settings, "cgroup-conf", valueNeeded: true) : null,
    };

    private static long? Size(ParsedCommand line, string option) => line.Text(option) is { } text ? SizeParser.Parse(text, option) : null;

    private static long Between(long value, long low, long high, string option) =>
        value >= low && value <= high ? value : throw OutOfRange(option, $"give a number from {low} to {high}");

    private static ContainerEngineException OutOfRange(string option, string remedy) =>
        EngineErrors.InvalidArgument($"the value of --{option} is out of range", option, remedy);

    private static OutputAttachment Attachment(ParsedCommand line)
    {
        var wanted = line.List("attach");
        if (wanted.Count == 0)
            return new(line.Flag("interactive"), true, true);
        foreach (var stream in wanted)
            if (stream.ToLowerInvariant() is not ("stdin" or "stdout" or "stderr" or "none"))
                throw EngineErrors.InvalidArgument($"invalid stream \"{stream}\" for --attach", stream, "valid streams are stdin, stdout, and stderr");
        bool Has(string name) => wanted.Any(w => w.Equals(name, StringComparison.OrdinalIgnoreCase));
        return new(Has("stdin") && line.Flag("interactive"), Has("stdout"), Has("stderr"));
    }

    private static IReadOnlyList<string> EntryPoint(string text)
    {
        if (!text.TrimStart().StartsWith('['))
            return [text];
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(e => e.GetString() ?? "")];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // As podman: what isn't an array of strings is a program with a strange name.
            return [text];
        }
    }

    /// <summary>Reads --workdir, which must be a path from the container's root on.</summary>
    internal static string? WorkingDirectory(ParsedCommand line) => line.Text("workdir") switch
    {
        null or "" => null,
        var path when path[0] == '/' => path,
        var path => throw EngineErrors.InvalidArgument($"the working directory \"{path}\" is not an absolute path", path, "begin it with /"),
    };

    private static string Umask(string text) =>
        text.Length is >= 1 and <= 4 && text.All(c => c is >= '0' and <= '7') ? text.PadLeft(4, '0')
            : throw EngineErrors.InvalidArgument($"invalid umask \"{text}\"", text, "give it in octal, for example 0022");

    private static string AddHost(string text)
    {
        // NAME[;NAME...]:IP; an IPv6 address has colons of its own.
        var colon = text.IndexOf(':');
        var address = colon < 1 ? "" : text[(colon + 1)..].Trim('[', ']');
        return address == "host-gateway" || System.Net.IPAddress.TryParse(address, out _) ? text
            : throw EngineErrors.InvalidArgument($"invalid host entry \"{text}\"", text, "write it as NAME:IP or NAME:host-gateway");
    }

    /// <summary>Variables in the order in which they replace each other: the caller's, files, options.</summary>
    internal static Dictionary<string, string> Variables(ParsedCommand line, CallerContext caller)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (line.Command.FindOption("env-host") is not null && line.Flag("env-host"))
            foreach (var (name, value) in caller.Environment)
                variables[name] = value;
        foreach (var file in line.List("env-file"))
            EnvironmentParser.Parse(EnvironmentParser.ReadFile(ReadFile(caller, file), file), caller.Environment, variables);
        EnvironmentParser.Parse(line.List("env"), caller.Environment, variables);
        return variables;
    }

    private static string ReadFile(CallerContext caller, string path)
    {
        try
        {
            return caller.ReadFile(caller.Resolve(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "InvalidArgument",
                string.Create(CultureInfo.InvariantCulture, $"can't read {path}"), path, e.Message, e);
        }
    }
}

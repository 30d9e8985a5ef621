using System.Globalization;

namespace Podsharp.Engine.Configuration;

/// <summary>Lays the files of containers.conf over each other: a later value replaces an earlier one. An array of strings whose
/// last item is <c>{append=true}</c> is added to what came before instead, and stays so for the files that follow.</summary>
internal sealed class ContainersConfMerge
{
    private readonly Dictionary<string, TomlNode> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _lists = new(StringComparer.Ordinal);
    private readonly HashSet<string> _appending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _runtimes = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];
    private Dictionary<string, string> _secretOptions = [];

    /// <summary>Lays a file over what is there.</summary>
    internal void Apply(string path)
    {
        if (TomlParser.ParseFile(path) is { } table)
        {
            Apply(table, path);
        }
    }

    /// <summary>Lays a parsed document over what is there.</summary>
    internal void Apply(TomlTable document, string path)
    {
        _files.Add(path);
        foreach (var section in (string[])["containers", "engine", "network", "secrets"])
        {
            if (document.GetTable(section) is { } table)
            {
                ApplySection(section, table);
            }
        }
    }

    private void ApplySection(string section, TomlTable table)
    {
        foreach (var key in table.Keys)
        {
            var node = table.Find(key)!;
            var name = $"{section}.{key}";
            if (name == "engine.runtimes")
            {
                ApplyRuntimes(table.GetTable(key)!);
            }
            else if (name == "secrets.opts")
            {
                var options = table.GetTable(key)!;
                _secretOptions = options.Keys.ToDictionary(option => option, option => options.GetString(option)!, StringComparer.Ordinal);
            }
            else if (node.Value is List<TomlNode> items && name != "network.default_subnet_pools")
            {
                ApplyList(name, items);
            }
            else
            {
                _values[name] = node;
            }
        }
    }

    private void ApplyRuntimes(TomlTable runtimes)
    {
        foreach (var name in runtimes.Keys)
        {
            _runtimes[name] = runtimes.GetStrings(name)!;
        }
    }

    private void ApplyList(string name, List<TomlNode> items)
    {
        var strings = new List<string>();
        foreach (var item in items)
        {
            switch (item.Value)
            {
                case string text:
                    strings.Add(text);
                    break;
                case TomlTable attributes when attributes.GetBoolean("append") is { } append:
                    _ = append ? _appending.Add(name) : _appending.Remove(name);
                    break;
                default:
                    throw item.Invalid($"every item of \"{name}\" must be a string or {{append=true}}");
            }
        }
        if (_appending.Contains(name))
        {
            // The first append adds to the built-in default, which only ToConfiguration knows: null marks "not replaced".
            _lists.TryAdd(name, [Inherit]);
            _lists[name].AddRange(strings);
        }
        else
        {
            _lists[name] = strings;
        }
    }

    /// <summary>Stands for the built-in default at the head of a list; no value of a file can be equal to it.</summary>
    private const string Inherit = "\0default";

    /// <summary>The merged configuration.</summary>
    internal ContainersConf ToConfiguration() => new()
    {
        Containers = ContainerSection(new ContainerDefaults()),
        Engine = EngineSection(new EngineDefaults()),
        Network = NetworkSection(new NetworkDefaults()),
        Secrets = new SecretDefaults { Driver = String("secrets.driver") ?? "file", Options = _secretOptions },
        Files = _files,
    };

    private ContainerDefaults ContainerSection(ContainerDefaults defaults) => defaults with
    {
        DefaultCapabilities = [.. Strings("containers.default_capabilities", defaults.DefaultCapabilities).Select(NormaliseCapability)],
        DefaultSysctls = Strings("containers.default_sysctls", defaults.DefaultSysctls),
        DefaultUlimits = Strings("containers.default_ulimits", defaults.DefaultUlimits),
        Environment = Strings("containers.env", defaults.Environment),
        EnvironmentFromHost = Boolean("containers.env_host", defaults.EnvironmentFromHost),
        HttpProxy = Boolean("containers.http_proxy", defaults.HttpProxy),
        PidsLimit = Integer("containers.pids_limit", defaults.PidsLimit),
        ShmSize = String("containers.shm_size") ?? defaults.ShmSize,
        LogDriver = String("containers.log_driver"),
        LogSizeMaximum = Integer("containers.log_size_max", defaults.LogSizeMaximum),
        LogTag = String("containers.log_tag"),
        TimeZone = String("containers.tz"),
        Umask = String("containers.umask") ?? defaults.Umask,
        SeccompProfile = String("containers.seccomp_profile"),
        ApparmorProfile = String("containers.apparmor_profile"),
        Label = Boolean("containers.label", defaults.Label),
        LabelUsers = Boolean("containers.label_users", defaults.LabelUsers),
        Init = Boolean("containers.init", defaults.Init),
        InitPath = String("containers.init_path"),
        ReadOnly = Boolean("containers.read_only", defaults.ReadOnly),
        Privileged = Boolean("containers.privileged", defaults.Privileged),
        Keyring = Boolean("containers.keyring", defaults.Keyring),
        OomScoreAdjust = Find<long>("containers.oom_score_adj", "an integer"),
        NetworkNamespace = String("containers.netns"),
        IpcNamespace = String("containers.ipcns") ?? defaults.IpcNamespace,
        PidNamespace = String("containers.pidns") ?? defaults.PidNamespace,
        UtsNamespace = String("containers.utsns") ?? defaults.UtsNamespace,
        UserNamespace = String("containers.userns"),
        CgroupNamespace = String("containers.cgroupns"),
        Cgroups = String("containers.cgroups") ?? defaults.Cgroups,
        CgroupConfiguration = Strings("containers.cgroup_conf", defaults.CgroupConfiguration),
        DnsServers = Strings("containers.dns_servers", defaults.DnsServers),
        DnsSearches = Strings("containers.dns_searches", defaults.DnsSearches),
        DnsOptions = Strings("containers.dns_options", defaults.DnsOptions),
        BaseHostsFile = String("containers.base_hosts_file"),
        NoHosts = Boolean("containers.no_hosts", defaults.NoHosts),
        ContainerNameAsHostname = Boolean("containers.container_name_as_hostname", defaults.ContainerNameAsHostname),
        HostContainersInternalAddress = String("containers.host_containers_internal_ip"),
        Devices = Strings("containers.devices", defaults.Devices),
        Volumes = Strings("containers.volumes", defaults.Volumes),
        Mounts = Strings("containers.mounts", defaults.Mounts),
        Annotations = Strings("containers.annotations", defaults.Annotations),
    };

    private EngineDefaults EngineSection(EngineDefaults defaults) => defaults with
    {
        Runtime = String("engine.runtime"),
        Runtimes = _runtimes,
        ConmonPaths = Strings("engine.conmon_path", defaults.ConmonPaths),
        ConmonEnvironment = Strings("engine.conmon_env_vars", defaults.ConmonEnvironment),
        HelperDirectories = Strings("engine.helper_binaries_dir", defaults.HelperDirectories),
        HookDirectories = _lists.ContainsKey("engine.hooks_dir") ? Strings("engine.hooks_dir", []) : null,
        CdiDirectories = Strings("engine.cdi_spec_dirs", defaults.CdiDirectories),
        Environment = Strings("engine.env", defaults.Environment),
        CgroupManager = String("engine.cgroup_manager"),
        EventsLogger = String("engine.events_logger"),
        EventsLogFile = String("engine.events_logfile_path"),
        EventsLogFileMaximumSize = SizeText("engine.events_logfile_max_size") ?? defaults.EventsLogFileMaximumSize,
        EventsInspectData = Boolean("engine.events_container_create_inspect_data", defaults.EventsInspectData),
        HealthCheckEvents = Boolean("engine.healthcheck_events", defaults.HealthCheckEvents),
        StopTimeout = Integer("engine.stop_timeout", defaults.StopTimeout),
        DetachKeys = Find("engine.detach_keys", "a string") as string ?? defaults.DetachKeys,
        ImageDefaultTransport = String("engine.image_default_transport") ?? defaults.ImageDefaultTransport,
        ImageParallelCopies = Integer("engine.image_parallel_copies", defaults.ImageParallelCopies),
        ImageCopyDirectory = String("engine.image_copy_tmp_dir"),
        PullPolicy = String("engine.pull_policy") ?? defaults.PullPolicy,
        Retry = Integer("engine.retry", defaults.Retry),
        RetryDelay = Delay("engine.retry_delay"),
        NetworkCommandPath = String("engine.network_cmd_path"),
        NetworkCommandOptions = Strings("engine.network_cmd_options", defaults.NetworkCommandOptions),
        NoPivotRoot = Boolean("engine.no_pivot_root", defaults.NoPivotRoot),
        ImageVolumeMode = String("engine.image_volume_mode") ?? defaults.ImageVolumeMode,
        InfraImage = String("engine.infra_image"),
        VolumePath = String("engine.volume_path"),
        PodExitPolicy = String("engine.pod_exit_policy") ?? defaults.PodExitPolicy,
        ExitCommandDelay = Integer("engine.exit_command_delay", defaults.ExitCommandDelay),
        EnablePortReservation = Boolean("engine.enable_port_reservation", defaults.EnablePortReservation),
    };

    private NetworkDefaults NetworkSection(NetworkDefaults defaults) => defaults with
    {
        Backend = String("network.network_backend"),
        FirewallDriver = String("network.firewall_driver"),
        DefaultSubnetPools = SubnetPools() ?? defaults.DefaultSubnetPools,
        DefaultSubnet = String("network.default_subnet") ?? defaults.DefaultSubnet,
        DefaultNetwork = String("network.default_network"),
        ConfigurationDirectory = String("network.network_config_dir"),
        DefaultRootlessNetworkCommand = String("network.default_rootless_network_cmd") ?? defaults.DefaultRootlessNetworkCommand,
        PastaOptions = Strings("network.pasta_options", defaults.PastaOptions),
        DnsBindPort = Integer("network.dns_bind_port", defaults.DnsBindPort),
        NetavarkPluginDirectories = Strings("network.netavark_plugin_dirs", defaults.NetavarkPluginDirectories),
        CniPluginDirectories = Strings("network.cni_plugin_dirs", defaults.CniPluginDirectories),
    };

    private static string NormaliseCapability(string name)
    {
        var upper = name.ToUpperInvariant();
        return upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : "CAP_" + upper;
    }

    private List<SubnetPool>? SubnetPools()
    {
        if (Find("network.default_subnet_pools", "an array of tables") is not List<TomlNode> items)
        {
            return null;
        }
        return [.. items.Select(item => item.Value is TomlTable table && table.GetString("base") is { } pool
            ? new SubnetPool(pool, (int)(table.GetInteger("size") ?? 24))
            : throw item.Invalid("a subnet pool is written {base=\"10.89.0.0/16\", size=24}"))];
    }

    private IReadOnlyList<string> Strings(string name, IReadOnlyList<string> defaults)
    {
        if (_values.TryGetValue(name, out var node))
        {
            throw node.Invalid($"\"{name}\" must be an array of strings");
        }
        return !_lists.TryGetValue(name, out var list) ? defaults
            : list is [Inherit, ..] ? [.. defaults, .. list.Skip(1)]
            : list;
    }

    /// <summary>A text; empty means not configured, as in podman.</summary>
    private string? String(string name) => Find(name, "a string") switch
    {
        null or "" => null,
        string text => text,
        _ => throw _values[name].Invalid($"\"{name}\" must be a string"),
    };

    private string? SizeText(string name) => Find(name, "a size") switch
    {
        null => null,
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private bool Boolean(string name, bool fallback) => Find<bool>(name, "true or false") ?? fallback;

    private long Integer(string name, long fallback) => Find<long>(name, "an integer") ?? fallback;

    private TimeSpan? Delay(string name)
    {
        if (String(name) is not { } text)
        {
            return null;
        }
        return GoDuration.TryParse(text, out var delay) ? delay
            : throw _values[name].Invalid($"\"{name}\" must be a duration such as \"5s\" or \"1m30s\"");
    }

    private T? Find<T>(string name, string wanted) where T : struct => Find(name, wanted) switch
    {
        null => null,
        T value => value,
        _ => throw _values[name].Invalid($"\"{name}\" must be {wanted}"),
    };

    private object? Find(string name, string wanted)
    {
        if (_lists.ContainsKey(name))
        {
            throw Podsharp.Model.EngineErrors.InvalidArgument($"\"{name}\" of containers.conf must be {wanted}, not an array", name,
                "correct it in " + string.Join(", ", _files));
        }
        return _values.GetValueOrDefault(name)?.Value;
    }
}

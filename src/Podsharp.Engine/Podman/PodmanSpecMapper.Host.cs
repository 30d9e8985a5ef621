using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.Engine.Podman;

// What a container has of its host: namespaces, networks, mounts, limits, rights.
internal sealed partial class PodmanSpecMapper
{
    private static readonly string[] ImplicitSysctls = ["net.ipv4.ping_group_range"];

    private ContainerSpec Namespaces(ContainerSpec spec, Func<string, string?> containerOf)
    {
        var own = config.Items("spec", "linux", "namespaces").Where(item => item.Text("type").Length > 0).DistinctBy(item => item.Text("type"))
            .ToDictionary(item => item.Text("type"), item => item.Text("path"), StringComparer.Ordinal);
        var host = config.Text("spec", "hostname");
        return spec with
        {
            PidNamespace = Mode("pid", "pidNsCtr"),
            IpcNamespace = config.Flag("noShm") && !own.ContainsKey("ipc") ? new(NamespaceKind.None) : Mode("ipc", "ipcNsCtr"),
            UtsNamespace = Mode("uts", "utsNsCtr"),
            // On control groups of version 1 there is mostly none; what the host has by itself will do.
            CgroupNamespace = own.GetValueOrDefault("cgroup") is { Length: > 0 } path ? new(NamespaceKind.Path, path) : NamespaceMode.Default,
            Network = config.Flag("createNetNS") ? NamespaceMode.Default
                : config.Text("netNsCtr").Length == 0 && own.GetValueOrDefault("network") == "" ? new(NamespaceKind.None) : Mode("network", "netNsCtr"),
            HostName = host.Length > 0 && host != ShortId && own.ContainsKey("uts") ? host : null,
            CgroupParent = !(Moves && IsInPod) && config.Text("cgroupParent") is { Length: > 0 } parent && !parent.StartsWith("/libpod_parent", StringComparison.Ordinal)
                && parent != "machine.slice" && parent != "user.slice" ? parent : null,
            Cgroups = config.Text("cgroupsMode") is ("disabled" or "no-conmon" or "split") and var cgroups ? cgroups : "enabled",
        };

        NamespaceMode Mode(string type, string peer)
        {
            if (config.Text(peer) is { Length: > 0 } other)
            {
                // The pod that it comes into shares it.
                if (Moves)
                    return NamespaceMode.Default;
                if (containerOf(other) is { } name)
                    return new(NamespaceKind.Container, name);
                warnings.Add($"the {type} namespace is the container's own: that of podman's container {other[..Math.Min(12, other.Length)]} can't be shared");
                return NamespaceMode.Default;
            }
            return !own.TryGetValue(type, out var path) ? new(NamespaceKind.Host) : path.Length > 0 ? new(NamespaceKind.Path, path)
                : Moves && IsInPod ? new(NamespaceKind.Private) : NamespaceMode.Default;
        }
    }

    private ContainerSpec Network(ContainerSpec spec, IReadOnlySet<string> networks)
    {
        spec = spec with
        {
            AddHosts = config.Texts("hostsAdd"),
            NoHosts = config.Flag("UseImageHosts"),
            DnsServers = config.Flag("UseImageResolvConf") ? ["none"] : config.Texts("dnsServer"),
            DnsSearch = config.Texts("dnsSearch"),
            DnsOptions = config.Texts("dnsOption"),
        };
        if (spec.Network.Kind is not (NamespaceKind.Default or NamespaceKind.Private))
            return spec;
        if (config.Text("networkMode") is { Length: > 0 } mode and not "bridge")
            warnings.Add($"the network mode {mode} is not carried over: the container joins the default network");
        return spec with
        {
            Networks = [.. Attachments(networks)],
            Ports = [.. config.Items("newPortMappings").Select(port => new PortMapping
            {
                HostIp = port.Text("host_ip"),
                HostPort = (int)(port.Number("host_port") ?? 0),
                ContainerPort = (int)(port.Number("container_port") ?? 0),
                Range = (int)(port.Number("range") ?? 1),
                Protocol = port.Text("protocol") is { Length: > 0 } protocol ? protocol : "tcp",
            })],
            Expose = [.. config.Members("exposedPorts").SelectMany(port => port.Value.Items().Select(protocol => $"{port.Name}/{protocol.GetString()}"))],
        };
    }

    private List<NetworkAttachment> Attachments(IReadOnlySet<string> networks)
    {
        var attachments = new List<NetworkAttachment>();
        foreach (var network in config.Members("newNetworks"))
        {
            var isKnown = networks.Contains(network.Name);
            var addresses = network.Value.Texts("static_ips");
            // podman's default network is what ours is here: no word about it.
            if (!isKnown && network.Name != "podman")
                warnings.Add(Moves ? $"there is no network {network.Name} of ours here: the container joins the default network instead"
                    : $"the network {network.Name} belongs to podman: the container joins the default network instead");
            if (!isKnown && addresses.Count > 0)
                warnings.Add($"the address {string.Join(", ", addresses)} in the network {network.Name} is not carried over");
            if (!isKnown && attachments.Exists(other => other.Network.Length == 0))
                continue;
            attachments.Add(new NetworkAttachment
            {
                Network = isKnown ? network.Name : "",
                StaticIps = isKnown ? addresses : [],
                StaticMac = network.Value.Text("static_mac") is { Length: > 0 } mac ? mac : null,
                Aliases = [.. network.Value.Texts("aliases").Where(alias => alias != ShortId && alias != config.Text("spec", "hostname") && alias != config.Text("name"))],
                InterfaceName = isKnown && network.Value.Text("interface_name") is { Length: > 0 } name ? name : null,
            });
        }
        return attachments;
    }

    /// <summary>The volumes, with the names that podman has for those without a name, too.</summary>
    internal static IReadOnlyList<ContainerMount> Volumes(JsonElement config) => [.. config.Items("namedVolumes").Select(volume => new ContainerMount
    {
        Type = MountType.Volume,
        Source = volume.Text("volumeName"),
        Target = volume.Text("dest"),
        Options = volume.Texts("options"),
        SubPath = volume.Text("SubPath") is { Length: > 0 } path ? path : null,
    })];

    private List<ContainerMount> Mounts()
    {
        var mounts = new List<ContainerMount>();
        var wanted = config.Texts("userVolumes").ToHashSet();
        foreach (var volume in Volumes(config))
        {
            var isAnonymous = VolumeStore.IsAnonymous(volume);
            if (isAnonymous && !Moves)
                warnings.Add($"the volume without a name on {volume.Target} begins empty");
            mounts.Add(isAnonymous && !Moves ? volume with { Source = "" } : volume);
        }
        foreach (var volume in config.Items("artifactVolumes"))
        {
            mounts.Add(new()
            {
                Type = MountType.Artifact,
                Source = volume.Text("source"),
                Target = volume.Text("dest"),
                Options = [.. ((string[])["title", "digest", "name"]).Where(word => volume.Text(word).Length > 0).Select(word => $"{word}={volume.Text(word)}")],
            });
        }
        foreach (var mount in config.Items("spec", "mounts").Where(mount => wanted.Contains(mount.Text("destination"))
            && !mounts.Exists(other => other.Target == mount.Text("destination"))))
        {
            var type = mount.Text("type");
            if (type is not ("bind" or "tmpfs"))
            {
                warnings.Add($"the mount of {type} on {mount.Text("destination")} is not carried over");
                continue;
            }
            mounts.Add(new()
            {
                Type = type == "bind" ? MountType.Bind : MountType.Tmpfs,
                Source = type == "bind" ? mount.Text("source") : "",
                Target = mount.Text("destination"),
                Options = mount.Texts("options"),
            });
        }
        return mounts;
    }

    private ContainerSpec Security(ContainerSpec spec)
    {
        var options = new List<string>();
        var privileged = config.Flag("privileged");
        if (config.Flag("spec", "process", "noNewPrivileges"))
            options.Add("no-new-privileges");
        // podman writes them one behind the other.
        if (config.Text("spec", "annotations", Annotations + "label") is { Length: > 0 } labels)
            options.AddRange(labels.Split(",label=").Select(label => "label=" + label));
        if (config.Flag("label_nested"))
            options.Add("label=nested");
        if (config.Text("spec", "annotations", Annotations + "apparmor") is { Length: > 0 } apparmor)
            options.Add("apparmor=" + apparmor);
        if (config.Text("spec", "annotations", Annotations + "seccomp") is { Length: > 0 } seccomp)
            options.Add("seccomp=" + seccomp);
        else if (!privileged && config.Get("spec", "linux", "seccomp").ValueKind != JsonValueKind.Object)
            options.Add("seccomp=unconfined");
        if (!privileged && config.Get("spec", "linux", "maskedPaths").ValueKind != JsonValueKind.Array)
            options.Add("unmask=ALL");
        var bounding = config.Texts("spec", "process", "capabilities", "bounding");
        var usual = conf.Containers.DefaultCapabilities;
        return spec with
        {
            Privileged = privileged,
            SecurityOptions = options,
            AddCapabilities = privileged ? [] : [.. bounding.Except(usual)],
            DropCapabilities = privileged ? [] : [.. usual.Except(bounding)],
            ReadOnly = config.Flag("spec", "root", "readonly"),
            ReadOnlyTmpfs = config.Flag("readWriteTmpfs"),
            Sysctls = config.Map("spec", "linux", "sysctl").Where(entry => !ImplicitSysctls.Contains(entry.Key)
                && !conf.Containers.DefaultSysctls.Contains($"{entry.Key}={entry.Value}")).ToDictionary(StringComparer.Ordinal),
        };
    }

    private ContainerSpec Limits(ContainerSpec spec)
    {
        var resources = config.Get("spec", "linux", "resources");
        foreach (var name in (string[])["hugepageLimits", "network", "rdma"])
            if (resources.Get(name).ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                warnings.Add($"the limits of {name} are not carried over");
        return spec with
        {
            ShmSize = config.Number("shmSize") is > 0 and var shm && shm != ByteSize.Parse(conf.Containers.ShmSize) ? shm : null,
            SystemdShmSize = config.Number("shmSizeSystemd") is > 0 and var memory ? memory : null,
            Ulimits = [.. config.Items("spec", "process", "rlimits").Where(limit => !IsImplicit(limit)).Select(limit => new Ulimit(
                limit.Text("type").Replace("RLIMIT_", "", StringComparison.Ordinal).ToLowerInvariant(), limit.Number("soft") ?? -1, limit.Number("hard") ?? -1))],
            Resources = new()
            {
                Memory = resources.Number("memory", "limit"),
                MemoryReservation = resources.Number("memory", "reservation"),
                MemorySwap = resources.Number("memory", "swap"),
                MemorySwappiness = resources.Number("memory", "swappiness"),
                OomKillDisable = resources.Flag("memory", "disableOOMKiller"),
                OomScoreAdj = (int?)config.Number("spec", "process", "oomScoreAdj"),
                CpuPeriod = (ulong?)resources.Number("cpu", "period"),
                CpuQuota = resources.Number("cpu", "quota"),
                CpuShares = (ulong?)resources.Number("cpu", "shares"),
                CpuRealtimePeriod = (ulong?)resources.Number("cpu", "realtimePeriod"),
                CpuRealtimeRuntime = resources.Number("cpu", "realtimeRuntime"),
                CpuSetCpus = resources.Text("cpu", "cpus") is { Length: > 0 } cpus ? cpus : null,
                CpuSetMems = resources.Text("cpu", "mems") is { Length: > 0 } nodes ? nodes : null,
                PidsLimit = resources.Number("pids", "limit"),
                BlockWeight = (int?)resources.Number("blockIO", "weight"),
                CgroupSettings = resources.Map("unified") is { Count: > 0 } unified ? unified : null,
            },
        };
    }

    // podman sets these two in every container to all that the host allows.
    private static bool IsImplicit(JsonElement limit) => limit.Text("type") is "RLIMIT_NOFILE" or "RLIMIT_NPROC"
        && limit.Number("soft") == limit.Number("hard") && limit.Number("soft") is > 60_000;
}

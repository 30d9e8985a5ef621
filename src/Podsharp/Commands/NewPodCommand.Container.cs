using System.Collections;
using System.Management.Automation;
using System.Net;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Commands;

// What it has in common with containers: how it is reached, what it sees and what it may use.
public sealed partial class NewPodCommand
{
    /// <summary>Networks: bridge, none, host, or a network's name with options; a hashtable with Name, Ip, Mac, Alias.</summary>
    [Parameter]
    [NetworkTransformation]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[] Network { get; set; } = [];

    /// <summary>Further names in the network's DNS.</summary>
    [Parameter]
    public string[] NetworkAlias { get; set; } = [];

    /// <summary>The IPv4 address to have.</summary>
    [Parameter]
    public IPAddress? IPAddress { get; set; }

    /// <summary>The IPv6 address to have.</summary>
    [Parameter]
    public IPAddress? IPv6Address { get; set; }

    /// <summary>The MAC address to have.</summary>
    [Parameter]
    public string? MacAddress { get; set; }

    /// <summary>Published ports: "8080:80", "127.0.0.1:53:53/udp", 80, or a hashtable with HostPort, ContainerPort, HostIp, Protocol.</summary>
    [Parameter]
    [PortTransformation]
    public PortMapping[] Publish { get; set; } = [];

    /// <summary>The host name; the pod's name when not given.</summary>
    [Parameter]
    public string? HostName { get; set; }

    /// <summary>Leaves /etc/hostname as images have it.</summary>
    [Parameter]
    public SwitchParameter NoHostName { get; set; }

    /// <summary>Lines for /etc/hosts: a hashtable of names and addresses, or NAME:ADDRESS; the address may be host-gateway.</summary>
    [Parameter]
    [DictionaryTransformation(Separator = ':')]
    public Hashtable? AddHost { get; set; }

    /// <summary>Leaves /etc/hosts as images have it.</summary>
    [Parameter]
    public SwitchParameter NoHosts { get; set; }

    /// <summary>What /etc/hosts begins with: a file of the host, image for the image's, or none.</summary>
    [Parameter]
    public string? HostsFile { get; set; }

    /// <summary>DNS servers.</summary>
    [Parameter]
    public string[] DnsServer { get; set; } = [];

    /// <summary>DNS search domains.</summary>
    [Parameter]
    public string[] DnsSearchDomain { get; set; } = [];

    /// <summary>DNS options.</summary>
    [Parameter]
    public string[] DnsOption { get; set; } = [];

    /// <summary>Mounts that all containers of the pod have: "SOURCE:TARGET[:OPTIONS]", or a hashtable of sources and targets.</summary>
    [Parameter]
    [MountTransformation(MountSyntax.Volume)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public ContainerMount[] Volume { get; set; } = [];

    /// <summary>Containers whose mounts all containers of the pod have: "NAME[:OPTIONS]", or containers.</summary>
    [Parameter]
    [ContainerNameTransformation]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] VolumeFrom { get; set; } = [];

    /// <summary>The size of /dev/shm in bytes: 64mb, or "64m".</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? ShmSize { get; set; }

    /// <summary>The size in bytes of each tmpfs that systemd gets in its containers: 64mb, or "64m".</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? SystemdShmSize { get; set; }

    /// <summary>podman's words: apparmor=PROFILE, label=disable, mask=PATH, no-new-privileges, seccomp=FILE, unmask=PATH.</summary>
    [Parameter]
    [Alias("SecurityOpt")]
    [ArgumentCompleter(typeof(SecurityOptionCompleter))]
    public string[] SecurityOption { get; set; } = [];

    /// <summary>Kernel parameters of its namespaces: a hashtable, or NAME=value.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Sysctl { get; set; }

    /// <summary>The pod's user namespace: host, auto[:size=,uidmapping=,gidmapping=], keep-id[:uid=,gid=,size=], nomap, container:NAME, ns:PATH.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(UserNamespaceCompleter))]
    public string? UserNamespace { get; set; }

    /// <summary>Users of its namespace: CONTAINER-ID:HOST-ID:COUNT.</summary>
    [Parameter]
    [Alias("UidMap")]
    public string[] UserMap { get; set; } = [];

    /// <summary>Groups of its namespace: CONTAINER-ID:HOST-ID:COUNT.</summary>
    [Parameter]
    [Alias("GidMap")]
    public string[] GroupMap { get; set; } = [];

    /// <summary>Who has the ids in /etc/subuid that become its users.</summary>
    [Parameter]
    [Alias("SubUidName")]
    public string? SubUserName { get; set; }

    /// <summary>Who has the ids in /etc/subgid that become its groups.</summary>
    [Parameter]
    [Alias("SubGidName")]
    public string? SubGroupName { get; set; }

    /// <summary>Devices for all containers of the pod: "/dev/fuse", "/dev/sda:/dev/xvda:r", a CDI device such as "vendor.com/class=name".</summary>
    [Parameter]
    public string[] Device { get; set; } = [];

    /// <summary>GPUs for all containers of the pod, by their names in the host's CDI specifications, or all.</summary>
    [Parameter]
    public string[] Gpu { get; set; } = [];

    /// <summary>The infra container's PID namespace: private, host.</summary>
    [Parameter]
    [NamespaceTransformation("PidNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? PidNamespace { get; set; }

    /// <summary>The infra container's UTS namespace: private, host.</summary>
    [Parameter]
    [NamespaceTransformation("UtsNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? UtsNamespace { get; set; }

    /// <summary>The control group to make the pod's in.</summary>
    [Parameter]
    public string? CgroupParent { get; set; }

    /// <summary>Memory of all its containers together in bytes: 512mb, or "512m".</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? Memory { get; set; }

    /// <summary>Memory and swap together in bytes; -1 for unlimited swap.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? MemorySwap { get; set; }

    /// <summary>CPUs of all its containers together: 1.5.</summary>
    [Parameter]
    [ValidateRange(0.001, 100000.0)]
    public double? Cpu { get; set; }

    /// <summary>The relative weight.</summary>
    [Parameter]
    public ulong? CpuShare { get; set; }

    /// <summary>The CPUs it may run on: 0-1,3.</summary>
    [Parameter]
    public string? CpuSet { get; set; }

    /// <summary>The memory nodes it may use: 0-1.</summary>
    [Parameter]
    public string? MemoryNode { get; set; }

    /// <summary>The relative weight of its input and output, 10 to 1000.</summary>
    [Parameter]
    [ValidateRange(10, 1000)]
    public int? IoWeight { get; set; }

    /// <summary>The relative weight for devices: PATH:WEIGHT, or a hashtable.</summary>
    [Parameter]
    [DeviceLimitTransformation(Option = "IoWeightDevice")]
    public DeviceLimit[]? IoWeightDevice { get; set; }

    /// <summary>Bytes a second read from devices: PATH:RATE, or a hashtable.</summary>
    [Parameter]
    [DeviceLimitTransformation(Option = "DeviceReadRate", Sizes = true)]
    public DeviceLimit[]? DeviceReadRate { get; set; }

    /// <summary>Bytes a second written to devices: PATH:RATE, or a hashtable.</summary>
    [Parameter]
    [DeviceLimitTransformation(Option = "DeviceWriteRate", Sizes = true)]
    public DeviceLimit[]? DeviceWriteRate { get; set; }

    private ContainerSpec BuildContainer()
    {
        var (mode, networks) = NetworkParser.Parse(Network);
        return new()
        {
            Network = mode,
            Networks = NetworkParser.Apply(mode, networks, IPAddress?.ToString(), IPv6Address?.ToString(), MacAddress, NetworkAlias),
            Ports = Publish,
            HostName = HostName,
            NoHostName = NoHostName,
            HostsFile = HostsFile is null or "" or "image" or "none" ? HostsFile : FullPath(HostsFile),
            AddHosts = AddHost is null ? [] : [.. AddHost.Cast<DictionaryEntry>().Select(entry => $"{entry.Key}:{entry.Value}")],
            NoHosts = NoHosts,
            DnsServers = DnsServer,
            DnsSearch = DnsSearchDomain,
            DnsOptions = DnsOption,
            Mounts = Volume,
            VolumesFrom = VolumeFrom,
            ShmSize = ShmSize,
            SystemdShmSize = SystemdShmSize,
            SecurityOptions = SecurityOption,
            Sysctls = DictionaryTransformationAttribute.ToStrings(Sysctl),
            UserNamespace = UserNamespace,
            UserMap = UserMap,
            GroupMap = GroupMap,
            SubUserName = SubUserName,
            SubGroupName = SubGroupName,
            Devices = Device,
            Gpus = Gpu,
            PidNamespace = PidNamespace ?? NamespaceMode.Default,
            UtsNamespace = UtsNamespace ?? NamespaceMode.Default,
            CgroupParent = CgroupParent,
            RestartPolicy = RestartPolicy ?? Model.RestartPolicy.No,
            ConmonPidFile = FullPath(InfraConmonPidFile),
            Resources = new()
            {
                Memory = Memory,
                MemorySwap = MemorySwap,
                Cpus = Cpu,
                CpuShares = CpuShare,
                CpuSetCpus = CpuSet,
                CpuSetMems = MemoryNode,
                BlockWeight = IoWeight,
                BlockDeviceWeights = IoWeightDevice,
                DeviceReadRates = DeviceReadRate,
                DeviceWriteRates = DeviceWriteRate,
            },
        };
    }
}

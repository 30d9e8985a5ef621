using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Commands;

// The parameters that say what the containers of RUN may use and see.
public sealed partial class BuildContainerImageCommand
{
    /// <summary>The network of RUN: bridge, none, host, pasta, slirp4netns, or a network's name; a RUN with --network has its own.</summary>
    [Parameter]
    [NetworkTransformation]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[] Network { get; set; } = [];

    /// <summary>Lines for /etc/hosts while RUN's commands run: a hashtable of names and addresses, or NAME:ADDRESS.</summary>
    [Parameter]
    [DictionaryTransformation(Separator = ':')]
    public Hashtable? AddHost { get; set; }

    /// <summary>Leaves /etc/hosts as the image has it.</summary>
    [Parameter]
    public SwitchParameter NoHosts { get; set; }

    /// <summary>Leaves /etc/hostname as the image has it.</summary>
    [Parameter]
    public SwitchParameter NoHostName { get; set; }

    /// <summary>DNS servers.</summary>
    [Parameter]
    public string[] DnsServer { get; set; } = [];

    /// <summary>DNS search domains.</summary>
    [Parameter]
    public string[] DnsSearchDomain { get; set; } = [];

    /// <summary>DNS options.</summary>
    [Parameter]
    public string[] DnsOption { get; set; } = [];

    /// <summary>Doesn't pass the session's proxy variables on.</summary>
    [Parameter]
    public SwitchParameter NoHttpProxy { get; set; }

    /// <summary>Mounts for each RUN: "SOURCE:TARGET[:OPTIONS]", or a hashtable of sources and targets.</summary>
    [Parameter]
    [MountTransformation(MountSyntax.Volume)]
    public ContainerMount[] Volume { get; set; } = [];

    /// <summary>Devices of the host: HOST-PATH[:CONTAINER-PATH][:rwm], or VENDOR/CLASS=NAME of a CDI specification.</summary>
    [Parameter]
    public string[] Device { get; set; } = [];

    /// <summary>Capabilities to add.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] AddCapability { get; set; } = [];

    /// <summary>Capabilities to take away.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] DropCapability { get; set; } = [];

    /// <summary>podman's words: apparmor=PROFILE, label=disable, mask=PATH, no-new-privileges, seccomp=FILE, unmask=PATH.</summary>
    [Parameter]
    [Alias("SecurityOpt")]
    [ArgumentCompleter(typeof(SecurityOptionCompleter))]
    public string[] SecurityOption { get; set; } = [];

    /// <summary>Supplementary groups.</summary>
    [Parameter]
    public string[] AddGroup { get; set; } = [];

    /// <summary>Memory in bytes: 512mb, or "512m".</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? Memory { get; set; }

    /// <summary>Memory and swap together in bytes; -1 for unlimited swap.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? MemorySwap { get; set; }

    /// <summary>The size of /dev/shm in bytes.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? ShmSize { get; set; }

    /// <summary>The relative weight of its processor time.</summary>
    [Parameter]
    public ulong? CpuShare { get; set; }

    /// <summary>The period of the CPU quota in microseconds.</summary>
    [Parameter]
    public ulong? CpuPeriod { get; set; }

    /// <summary>The CPU quota in microseconds.</summary>
    [Parameter]
    public long? CpuQuota { get; set; }

    /// <summary>The CPUs it may run on: 0-1,3.</summary>
    [Parameter]
    public string? CpuSet { get; set; }

    /// <summary>The memory nodes it may use: 0-1.</summary>
    [Parameter]
    public string? MemoryNode { get; set; }

    /// <summary>Process limits: "nofile=1024:2048", or a hashtable of names and values.</summary>
    [Parameter]
    [UlimitTransformation]
    public Ulimit[] Ulimit { get; set; } = [];

    /// <summary>The cgroup to put RUN's containers under.</summary>
    [Parameter]
    public string? CgroupParent { get; set; }

    /// <summary>The user namespace: host, auto, private, container:NAME, ns:PATH.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(UserNamespaceCompleter))]
    public string? UserNamespace { get; set; }

    /// <summary>Maps user ids: CONTAINER-ID:HOST-ID:COUNT.</summary>
    [Parameter]
    [Alias("UidMap")]
    public string[] UserMap { get; set; } = [];

    /// <summary>Maps group ids: CONTAINER-ID:HOST-ID:COUNT.</summary>
    [Parameter]
    [Alias("GidMap")]
    public string[] GroupMap { get; set; } = [];

    /// <summary>The PID namespace: private, host.</summary>
    [Parameter]
    [NamespaceTransformation("PidNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? PidNamespace { get; set; }

    /// <summary>The IPC namespace: private, host.</summary>
    [Parameter]
    [NamespaceTransformation("IpcNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? IpcNamespace { get; set; }

    /// <summary>The UTS namespace: private, host.</summary>
    [Parameter]
    [NamespaceTransformation("UtsNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? UtsNamespace { get; set; }

    /// <summary>The cgroup namespace: private, host.</summary>
    [Parameter]
    [NamespaceTransformation("CgroupNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? CgroupNamespace { get; set; }

    private ContainerSpec RunSpec()
    {
        var (mode, networks) = NetworkParser.Parse(Network);
        return new()
        {
            Network = mode,
            Networks = networks,
            AddHosts = AddHost is null ? [] : [.. AddHost.Cast<DictionaryEntry>().Select(entry => $"{entry.Key}:{entry.Value}")],
            NoHosts = NoHosts,
            NoHostName = NoHostName,
            DnsServers = DnsServer,
            DnsSearch = DnsSearchDomain,
            DnsOptions = DnsOption,
            HttpProxy = !NoHttpProxy,
            Mounts = Volume,
            Devices = Device,
            AddCapabilities = AddCapability,
            DropCapabilities = DropCapability,
            SecurityOptions = SecurityOption,
            Groups = AddGroup,
            ShmSize = ShmSize,
            Ulimits = Ulimit,
            Resources = new()
            {
                Memory = Memory,
                MemorySwap = MemorySwap,
                CpuShares = CpuShare,
                CpuPeriod = CpuPeriod,
                CpuQuota = CpuQuota,
                CpuSetCpus = CpuSet,
                CpuSetMems = MemoryNode,
            },
            CgroupParent = CgroupParent,
            UserNamespace = UserNamespace,
            UserMap = UserMap,
            GroupMap = GroupMap,
            PidNamespace = PidNamespace ?? NamespaceMode.Default,
            IpcNamespace = IpcNamespace ?? NamespaceMode.Default,
            UtsNamespace = UtsNamespace ?? NamespaceMode.Default,
            CgroupNamespace = CgroupNamespace ?? NamespaceMode.Default,
        };
    }
}

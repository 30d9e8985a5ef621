using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

// The parameters that say what it may do.
public abstract partial class SpecCmdlet
{
    /// <summary>All capabilities and devices, nothing masked.</summary>
    [Parameter]
    public SwitchParameter Privileged { get; set; }

    /// <summary>Devices of the host: HOST-PATH[:CONTAINER-PATH][:rwm], a directory of them, or VENDOR/CLASS=NAME of a CDI specification.</summary>
    [Parameter]
    public string[] Device { get; set; } = [];

    /// <summary>Devices that its control group allows: 'TYPE MAJOR:MINOR ACCESS', for example 'c 10:* rwm'.</summary>
    [Parameter]
    [Alias("DeviceCgroupRule")]
    public string[] DeviceRule { get; set; } = [];

    /// <summary>GPUs by their names in the host's CDI specifications, or all.</summary>
    [Parameter]
    public string[] Gpu { get; set; } = [];

    /// <summary>The class of service for cache and memory bandwidth (resctrl).</summary>
    [Parameter]
    public string? RdtClass { get; set; }

    /// <summary>Capabilities to add.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] AddCapability { get; set; } = [];

    /// <summary>Capabilities to drop.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] DropCapability { get; set; } = [];

    /// <summary>podman's words: apparmor=PROFILE, label=disable, mask=PATH, no-new-privileges, seccomp=FILE, unmask=PATH.</summary>
    [Parameter]
    [Alias("SecurityOpt")]
    [ArgumentCompleter(typeof(SecurityOptionCompleter))]
    public string[] SecurityOption { get; set; } = [];

    /// <summary>Where the seccomp profile comes from: the image's is in its label io.containers.seccomp.profile.</summary>
    [Parameter]
    [ValidateSet("Default", "Image")]
    public string SeccompPolicy { get; set; } = "Default";

    /// <summary>Kernel parameters of its namespaces: a hashtable, or NAME=value.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Sysctl { get; set; }

    /// <summary>The user namespace: host, auto[:size=,uidmapping=,gidmapping=], keep-id[:uid=,gid=,size=], nomap, private, container:NAME, ns:PATH.</summary>
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

    /// <summary>The PID namespace: private, host, container:NAME.</summary>
    [Parameter]
    [NamespaceTransformation("PidNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? PidNamespace { get; set; }

    /// <summary>The IPC namespace: private, shareable, none, host, container:NAME.</summary>
    [Parameter]
    [NamespaceTransformation("IpcNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? IpcNamespace { get; set; }

    /// <summary>The UTS namespace: private, host, container:NAME.</summary>
    [Parameter]
    [NamespaceTransformation("UtsNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? UtsNamespace { get; set; }

    /// <summary>The cgroup namespace: private, host, container:NAME.</summary>
    [Parameter]
    [NamespaceTransformation("CgroupNamespace")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceMode? CgroupNamespace { get; set; }
}

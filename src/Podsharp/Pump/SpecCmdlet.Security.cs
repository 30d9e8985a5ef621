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

    /// <summary>Capabilities to add.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] AddCapability { get; set; } = [];

    /// <summary>Capabilities to drop.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] DropCapability { get; set; } = [];

    /// <summary>podman's words: seccomp=FILE, no-new-privileges, label=disable, mask=PATH, unmask=PATH.</summary>
    [Parameter]
    public string[] SecurityOption { get; set; } = [];

    /// <summary>Kernel parameters of its namespaces: a hashtable, or NAME=value.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Sysctl { get; set; }

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

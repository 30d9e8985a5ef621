namespace Podsharp.Model;

/// <summary>What this engine and its host are.</summary>
public sealed record ContainerEngineInfo
{
    /// <summary>Podsharp's version.</summary>
    public string Version { get; init; } = "";
    /// <summary>Operating system and release.</summary>
    public string Distribution { get; init; } = "";
    /// <summary>Kernel release.</summary>
    public string Kernel { get; init; } = "";
    /// <summary>Host name.</summary>
    public string HostName { get; init; } = "";
    /// <summary>GOARCH value.</summary>
    public string Architecture { get; init; } = "";
    /// <summary>Number of CPUs.</summary>
    public int Cpus { get; init; }
    /// <summary>Bytes of memory.</summary>
    public long MemoryTotal { get; init; }
    /// <summary>Bytes of memory free.</summary>
    public long MemoryFree { get; init; }
    /// <summary>v1, v2 or hybrid.</summary>
    public string CgroupMode { get; init; } = "";
    /// <summary>cgroupfs or systemd.</summary>
    public string CgroupManager { get; init; } = "";
    /// <summary>Controllers that can be used.</summary>
    public IReadOnlyList<string> CgroupControllers { get; init; } = [];
    /// <summary>Whether it runs without root's powers on the host.</summary>
    public bool Rootless { get; init; }
    /// <summary>Chosen OCI runtime.</summary>
    public ComponentInfo? Runtime { get; init; }
    /// <summary>Why that runtime was chosen, where that isn't plain.</summary>
    public string RuntimeReason { get; init; } = "";
    /// <summary>conmon.</summary>
    public ComponentInfo? Conmon { get; init; }
    /// <summary>What connects containers to networks: netavark or cni.</summary>
    public string NetworkBackend { get; init; } = "netavark";
    /// <summary>netavark.</summary>
    public ComponentInfo? Netavark { get; init; }
    /// <summary>aardvark-dns.</summary>
    public ComponentInfo? AardvarkDns { get; init; }
    /// <summary>catatonit.</summary>
    public ComponentInfo? Init { get; init; }
    /// <summary>Root of the image store.</summary>
    public string GraphRoot { get; init; } = "";
    /// <summary>Run-time root of the image store.</summary>
    public string RunRoot { get; init; } = "";
    /// <summary>Storage driver.</summary>
    public string StorageDriver { get; init; } = "overlay";
    /// <summary>Podsharp's own state.</summary>
    public string StateDirectory { get; init; } = "";
    /// <summary>Directory of the volumes.</summary>
    public string VolumePath { get; init; } = "";
    /// <summary>Where events are kept: file, journald or none.</summary>
    public string EventsBackend { get; init; } = "file";
    /// <summary>Security modules in force: seccomp, apparmor, selinux.</summary>
    public IReadOnlyList<string> Security { get; init; } = [];
    /// <summary>Containers by state.</summary>
    public IReadOnlyDictionary<string, int> Containers { get; init; } = new Dictionary<string, int>();
    /// <summary>Images in the store.</summary>
    public int Images { get; init; }
    /// <summary>What is missing or odd on this host, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
    /// <summary>What this connection can do, in the words of <see cref="EngineCapability"/>.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];
}

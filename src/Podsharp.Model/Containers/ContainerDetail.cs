namespace Podsharp.Model;

/// <summary>Everything the engine knows of a container.</summary>
public sealed record ContainerDetail
{
    /// <summary>The list view.</summary>
    public required Container Container { get; init; }
    /// <summary>What was asked for.</summary>
    public required ContainerSpec Spec { get; init; }
    /// <summary>What runs, after the image's defaults.</summary>
    public required ContainerProcessConfig Process { get; init; }
    /// <summary>Manifest digest of the image.</summary>
    public string ImageDigest { get; init; } = "";
    /// <summary>The runtime's name.</summary>
    public string Runtime { get; init; } = "";
    /// <summary>The runtime's path.</summary>
    public string RuntimePath { get; init; } = "";
    /// <summary>config.json of the OCI bundle; empty before the first start.</summary>
    public string OciConfigPath { get; init; } = "";
    /// <summary>The directory kept over reboots.</summary>
    public string StaticDirectory { get; init; } = "";
    /// <summary>The directory that a reboot clears.</summary>
    public string RunDirectory { get; init; } = "";
    /// <summary>resolv.conf given to the container.</summary>
    public string ResolvConfPath { get; init; } = "";
    /// <summary>hosts file given to the container.</summary>
    public string HostsPath { get; init; } = "";
    /// <summary>hostname file given to the container.</summary>
    public string HostnamePath { get; init; } = "";
    /// <summary>Where systemd is told of its start; empty for nowhere.</summary>
    public string NotifySocket { get; init; } = "";
    /// <summary>Its health checks.</summary>
    public ContainerHealthConfig HealthConfig { get; init; } = new();
    /// <summary>What they told; null without one.</summary>
    public ContainerHealth? Health { get; init; }
    /// <summary>The security options in podman's words: no-new-privileges, label=, seccomp=, apparmor=, unmask=all.</summary>
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];
    /// <summary>Its AppArmor profile; <c>unconfined</c> if that was asked for, empty for none.</summary>
    public string AppArmorProfile { get; init; } = "";
    /// <summary>The SELinux label of its processes; empty for none.</summary>
    public string ProcessLabel { get; init; } = "";
    /// <summary>The SELinux label of its files; empty for none.</summary>
    public string MountLabel { get; init; } = "";
    /// <summary>The log driver by podman's name.</summary>
    public string LogDriver { get; init; } = "";
    /// <summary>Bytes at which the log begins anew; 0 or less for never.</summary>
    public long LogSizeMaximum { get; init; }
    /// <summary>Log file; empty without one.</summary>
    public string LogPath { get; init; } = "";
    /// <summary>conmon's process id while it runs, else 0.</summary>
    public int ConmonPid { get; init; }
    /// <summary>conmon's pid file.</summary>
    public string ConmonPidFile { get; init; } = "";
    /// <summary>The container's pid file.</summary>
    public string PidFile { get; init; } = "";
    /// <summary>Path in the cgroup hierarchies.</summary>
    public string CgroupPath { get; init; } = "";
    /// <summary>cgroupfs or systemd.</summary>
    public string CgroupManager { get; init; } = "cgroupfs";
    /// <summary>The kernel killed a process of it for want of memory.</summary>
    public bool OomKilled { get; init; }
    /// <summary>When it was restored; null unless that is how its last run began.</summary>
    public DateTimeOffset? Restored { get; init; }
    /// <summary>The directory with CRIU's images; empty without a checkpoint.</summary>
    public string CheckpointPath { get; init; } = "";
    /// <summary>CRIU's log of the checkpoint; empty where it wasn't kept.</summary>
    public string CheckpointLog { get; init; } = "";
    /// <summary>CRIU's log of the restore; empty where it wasn't kept.</summary>
    public string RestoreLog { get; init; } = "";
    /// <summary>Why the last start failed.</summary>
    public string Error { get; init; } = "";
    /// <summary>A user stopped it.</summary>
    public bool StoppedByUser { get; init; }
    /// <summary>The merged root file system while mounted.</summary>
    public string MergedDirectory { get; init; } = "";
    /// <summary>The writable layer.</summary>
    public string UpperDirectory { get; init; } = "";
    /// <summary>Image layers, topmost first.</summary>
    public IReadOnlyList<string> LowerDirectories { get; init; } = [];
    /// <summary>Work directory of the overlay.</summary>
    public string WorkDirectory { get; init; } = "";
    /// <summary>Mounts as they are made.</summary>
    public IReadOnlyList<ContainerMountPoint> MountPoints { get; init; } = [];
    /// <summary>Devices that were asked for by path.</summary>
    public IReadOnlyList<ContainerDevice> Devices { get; init; } = [];
    /// <summary>Its user namespace: the host's (or the engine's own), Private, Path, or Container with its id.</summary>
    public NamespaceMode UserNamespace { get; init; } = new(NamespaceKind.Host);
    /// <summary>The users of its own user namespace, <c>CONTAINER-ID:HOST-ID:COUNT</c>; empty for the host's.</summary>
    public IReadOnlyList<string> UserMap { get; init; } = [];
    /// <summary>The groups of its own user namespace.</summary>
    public IReadOnlyList<string> GroupMap { get; init; } = [];
    /// <summary>Addresses, one entry per network.</summary>
    public IReadOnlyList<NetworkStatus> NetworkStatus { get; init; } = [];
    /// <summary>Network namespace file; empty without one.</summary>
    public string NetworkNamespacePath { get; init; } = "";
    /// <summary>Ids of the exec sessions.</summary>
    public IReadOnlyList<string> ExecIds { get; init; } = [];
    /// <summary>Effective capabilities.</summary>
    public IReadOnlyList<string> EffectiveCapabilities { get; init; } = [];
    /// <summary>Bounding capabilities.</summary>
    public IReadOnlyList<string> BoundingCapabilities { get; init; } = [];
    /// <summary>Exposed ports (<c>80/tcp</c>) of image and spec.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];
    /// <summary>Anonymous and named volume paths of the image.</summary>
    public IReadOnlyList<string> ImageVolumes { get; init; } = [];
}

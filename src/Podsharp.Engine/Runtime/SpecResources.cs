using Podsharp.Engine.Devices;
using Podsharp.Engine.Host;
using Podsharp.Engine.Security;

namespace Podsharp.Engine.Runtime;

/// <summary>What was found or allocated for one container before its config.json can be written.</summary>
internal sealed record SpecResources
{
    /// <summary>The container's id.</summary>
    internal required string Id { get; init; }
    /// <summary>The container's name.</summary>
    internal required string Name { get; init; }
    /// <summary>The mounted root file system.</summary>
    internal required string RootPath { get; init; }
    /// <summary>The user, looked up in the root file system.</summary>
    internal ResolvedUser User { get; init; } = ResolvedUser.Root;
    /// <summary>The container's own mounts: binds, volumes (the image's too), tmpfs.</summary>
    internal IReadOnlyList<ResolvedMount> Mounts { get; init; } = [];
    /// <summary>Network namespace to join; null makes a new one, unless the spec says host.</summary>
    internal string? NetworkNamespacePath { get; init; }
    /// <summary>The host's catatonit, for a pod's infra container without an image; else null.</summary>
    internal string? PausePath { get; init; }
    /// <summary>PID namespace to join.</summary>
    internal string? PidNamespacePath { get; init; }
    /// <summary>IPC namespace to join.</summary>
    internal string? IpcNamespacePath { get; init; }
    /// <summary>UTS namespace to join.</summary>
    internal string? UtsNamespacePath { get; init; }
    /// <summary>User namespace to join; null makes one of the maps, if there are any.</summary>
    internal string? UserNamespacePath { get; init; }
    /// <summary>Users of its user namespace; empty for the engine's own.</summary>
    internal IReadOnlyList<IdMapping> UserMap { get; init; } = [];
    /// <summary>Groups of its user namespace.</summary>
    internal IReadOnlyList<IdMapping> GroupMap { get; init; } = [];
    /// <summary>Cgroup namespace to join.</summary>
    internal string? CgroupNamespacePath { get; init; }
    /// <summary>hosts file; null leaves the image's.</summary>
    internal string? HostsPath { get; init; }
    /// <summary>resolv.conf; null leaves the image's.</summary>
    internal string? ResolvConfPath { get; init; }
    /// <summary>hostname file.</summary>
    internal string? HostnamePath { get; init; }
    /// <summary>The time zone's description; null leaves the image's.</summary>
    internal string? LocalTimePath { get; init; }
    /// <summary>.containerenv file.</summary>
    internal string? ContainerEnvPath { get; init; }
    /// <summary>A mounted tmpfs for /dev/shm that others can share. Null: the runtime mounts one of the container's own, which is less
    /// work (private IPC).</summary>
    internal string? ShmPath { get; init; }
    /// <summary>Path in the hierarchies (<see cref="Cgroups.CgroupPaths"/>); empty for none.</summary>
    internal string CgroupPath { get; init; } = "";
    /// <summary>The system call filter (<see cref="SeccompProfile"/>); null for none.</summary>
    internal SeccompProfile? Seccomp { get; init; }
    /// <summary>The SELinux labels.</summary>
    internal SELinuxLabels Labels { get; init; } = SELinuxLabels.None;
    /// <summary>The AppArmor profile, loaded; null for none.</summary>
    internal string? AppArmorProfile { get; init; }
    /// <summary>The init program on the host, where one is wanted.</summary>
    internal string? InitPath { get; init; }
    /// <summary>What was asked for block devices, with their numbers; null for nothing.</summary>
    internal OciBlockIO? BlockIO { get; init; }
    /// <summary>/etc/passwd in place of a read-only root's; null leaves that.</summary>
    internal string? PasswdPath { get; init; }
    /// <summary>/etc/group in place of a read-only root's; null leaves that.</summary>
    internal string? GroupPath { get; init; }
    /// <summary>The directory with the socket at which the container tells systemd that it is ready; null for none.</summary>
    internal string? NotifyDirectory { get; init; }
    /// <summary>The files of secrets.</summary>
    internal IReadOnlyList<OciMount> SecretMounts { get; init; } = [];
    /// <summary>Variables with the values of secrets: in config.json alone, never in what is kept or shown of the process.</summary>
    internal IReadOnlyList<string> SecretVariables { get; init; } = [];
    /// <summary>The host's devices, for a privileged container.</summary>
    internal IReadOnlyList<HostDevice> Devices { get; init; } = [];
    /// <summary>The devices that were asked for, and what comes with them.</summary>
    internal ContainerDevices AddedDevices { get; init; } = ContainerDevices.None;
    /// <summary>Hooks of the host's directories.</summary>
    internal IReadOnlyList<Hooks.HookDefinition> HostHooks { get; init; } = [];
    /// <summary>The caller's environment: proxy variables are taken from it.</summary>
    internal IReadOnlyDictionary<string, string> CallerEnvironment { get; init; } = new Dictionary<string, string>();
}

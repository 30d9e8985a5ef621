namespace Podsharp.Model;

/// <summary>Which state an engine works on. What is null comes from the host's configuration.</summary>
public sealed record EngineOptions
{
    /// <summary>Root of the image store (podman's --root).</summary>
    public string? Root { get; init; }
    /// <summary>Run-time root of the image store (podman's --runroot).</summary>
    public string? RunRoot { get; init; }
    /// <summary>Podsharp's own state that is kept over reboots; below the image store's root when null.</summary>
    public string? StateDirectory { get; init; }
    /// <summary>Podsharp's own state that a reboot clears (podman's --tmpdir).</summary>
    public string? TmpDirectory { get; init; }
    /// <summary>Directory of the volumes (podman's --volumepath).</summary>
    public string? VolumePath { get; init; }
    /// <summary>Directory of the network files (podman's --network-config-dir).</summary>
    public string? NetworkConfigDirectory { get; init; }
    /// <summary>slirp4netns's path (podman's --network-cmd-path).</summary>
    public string? NetworkCommandPath { get; init; }
    /// <summary>Storage driver.</summary>
    public string? StorageDriver { get; init; }
    /// <summary>Storage options.</summary>
    public IReadOnlyList<string> StorageOptions { get; init; } = [];
    /// <summary>OCI runtime by name or path.</summary>
    public string? Runtime { get; init; }
    /// <summary>Flags for the runtime, without their dashes.</summary>
    public IReadOnlyList<string> RuntimeFlags { get; init; } = [];
    /// <summary>Directories of CDI specifications; containers.conf's when empty.</summary>
    public IReadOnlyList<string> CdiDirectories { get; init; } = [];
    /// <summary>Directories of OCI hooks; containers.conf's when empty.</summary>
    public IReadOnlyList<string> HookDirectories { get; init; } = [];
    /// <summary>conmon's path.</summary>
    public string? Conmon { get; init; }
    /// <summary>cgroupfs or systemd.</summary>
    public string? CgroupManager { get; init; }
    /// <summary>file, journald or none; null: what containers.conf says, or file.</summary>
    public string? EventsBackend { get; init; }
    /// <summary>The podsharp executable that is installed for conmon's exit command; found beside the engine when null.</summary>
    public string? ExecutablePath { get; init; }
    /// <summary>Environment to read instead of the process's.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }
}

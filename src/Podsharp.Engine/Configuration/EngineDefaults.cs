namespace Podsharp.Engine.Configuration;

/// <summary>How the engine works: the table <c>[engine]</c>.</summary>
internal sealed record EngineDefaults
{
    /// <summary>The OCI runtime, a name of <see cref="Runtimes"/> or a path; null: one that works on this host.</summary>
    public string? Runtime { get; init; }

    /// <summary>Runtime names and where to look for each, in order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Runtimes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Where to look for conmon, in order.</summary>
    public IReadOnlyList<string> ConmonPaths { get; init; } =
    [
        "/usr/libexec/podman/conmon", "/usr/local/libexec/podman/conmon", "/usr/local/lib/podman/conmon", "/usr/bin/conmon",
        "/usr/sbin/conmon", "/usr/local/bin/conmon", "/usr/local/sbin/conmon",
    ];

    /// <summary>Environment of conmon, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> ConmonEnvironment { get; init; } = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];

    /// <summary>Where to look for helpers (netavark, aardvark-dns, catatonit ...), in order.</summary>
    public IReadOnlyList<string> HelperDirectories { get; init; } =
        ["/usr/local/libexec/podman", "/usr/local/lib/podman", "/usr/libexec/podman", "/usr/lib/podman"];

    /// <summary>Directories of OCI hooks; null: the defaults.</summary>
    public IReadOnlyList<string>? HookDirectories { get; init; }

    /// <summary>Directories of CDI specifications.</summary>
    public IReadOnlyList<string> CdiDirectories { get; init; } = ["/etc/cdi", "/var/run/cdi"];

    /// <summary>Environment for the engine itself, <c>NAME=value</c> (proxies for a pull).</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Cgroup manager, <c>systemd</c> or <c>cgroupfs</c>; null: what the host has.</summary>
    public string? CgroupManager { get; init; }

    /// <summary>Events: <c>file</c>, <c>journald</c>, <c>none</c>; null: not configured.</summary>
    public string? EventsLogger { get; init; }

    /// <summary>Path of the events file; null: the engine's own place.</summary>
    public string? EventsLogFile { get; init; }

    /// <summary>Size at which the events file is cut, as a number with a unit.</summary>
    public string EventsLogFileMaximumSize { get; init; } = "1m";

    /// <summary>Whether the event of a creation is to hold what inspect says of the container.</summary>
    public bool EventsInspectData { get; init; }

    /// <summary>Whether health checks are told of by events.</summary>
    public bool HealthCheckEvents { get; init; } = true;

    /// <summary>Seconds between the stop signal and the kill.</summary>
    public long StopTimeout { get; init; } = 10;

    /// <summary>Keys that leave an attached container.</summary>
    public string DetachKeys { get; init; } = "ctrl-p,ctrl-q";

    /// <summary>Transport of an image name without one.</summary>
    public string ImageDefaultTransport { get; init; } = "docker://";

    /// <summary>Layers fetched at a time; 0: the engine's own default.</summary>
    public long ImageParallelCopies { get; init; }

    /// <summary>Where blobs wait whose digest isn't known yet, <c>storage</c> for the image store; null: TMPDIR, or <c>/var/tmp</c>.</summary>
    public string? ImageCopyDirectory { get; init; }

    /// <summary>Pull policy of run and create: <c>always</c>, <c>missing</c>, <c>newer</c>, <c>never</c>.</summary>
    public string PullPolicy { get; init; } = "missing";

    /// <summary>How often a request to a registry is tried again.</summary>
    public long Retry { get; init; } = 3;

    /// <summary>Delay before such a try; null: grows from one try to the next.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>slirp4netns's path; null: where programs are.</summary>
    public string? NetworkCommandPath { get; init; }

    /// <summary>Options of slirp4netns.</summary>
    public IReadOnlyList<string> NetworkCommandOptions { get; init; } = [];

    /// <summary>Whether containers share the root's pivot (<c>--no-pivot</c>).</summary>
    public bool NoPivotRoot { get; init; }

    /// <summary>What volumes of an image become: <c>anonymous</c>, <c>tmpfs</c> or <c>ignore</c>.</summary>
    public string ImageVolumeMode { get; init; } = "anonymous";

    /// <summary>Image of a pod's infra container; null: none, catatonit is used directly.</summary>
    public string? InfraImage { get; init; }

    /// <summary>Directory of volumes; null: the engine's own place.</summary>
    public string? VolumePath { get; init; }

    /// <summary>What a pod does when its last container exits.</summary>
    public string PodExitPolicy { get; init; } = "continue";

    /// <summary>Seconds an exec session's record is kept after its end.</summary>
    public long ExitCommandDelay { get; init; } = 300;

    /// <summary>Whether published ports are reserved on the host while the container runs.</summary>
    public bool EnablePortReservation { get; init; } = true;
}

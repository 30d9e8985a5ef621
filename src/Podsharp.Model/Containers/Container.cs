namespace Podsharp.Model;

/// <summary>A container as a list shows it: everything known without opening its configuration.</summary>
public sealed record Container
{
    /// <summary>64 lower-case hexadecimal characters.</summary>
    public required string Id { get; init; }
    /// <summary>The unique name.</summary>
    public required string Name { get; init; }
    /// <summary>The image as it was named at creation, in full (<c>docker.io/library/nginx:latest</c>); empty for a root file system.</summary>
    public string Image { get; init; } = "";
    /// <summary>The image's id; empty for a root file system.</summary>
    public string ImageId { get; init; } = "";
    /// <summary>What runs: entry point and command.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; init; }
    /// <summary>When its process was last started.</summary>
    public DateTimeOffset? Started { get; init; }
    /// <summary>When its process last ended.</summary>
    public DateTimeOffset? Finished { get; init; }
    /// <summary>Where it is in its life.</summary>
    public ContainerState State { get; init; }
    /// <summary>The process's exit code once it has ended: 128+n after signal n, 255 when it can't be known.</summary>
    public int? ExitCode { get; init; }
    /// <summary>The process id on the host while it runs, else 0.</summary>
    public int Pid { get; init; }
    /// <summary>Published ports.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];
    /// <summary>Exposed ports, <c>80/tcp</c>, published or not.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];
    /// <summary>Labels of the image and of the container.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>The networks it is attached to.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];
    /// <summary>The targets of its mounts.</summary>
    public IReadOnlyList<string> Mounts { get; init; } = [];
    /// <summary>The names of the volumes among its mounts.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];
    /// <summary>Whether it is removed when its process ends.</summary>
    public bool AutoRemove { get; init; }
    /// <summary>Whether it is started again after its end.</summary>
    public RestartPolicy RestartPolicy { get; init; } = RestartPolicy.No;
    /// <summary>How often it was restarted by its policy since a user started it.</summary>
    public int RestartCount { get; init; }
    /// <summary>What its last health checks told.</summary>
    public HealthStatus Health { get; init; }
    /// <summary>When its policy starts it again; null unless it has ended and waits for that.</summary>
    public DateTimeOffset? NextStart { get; init; }
    /// <summary>When it was ended by a checkpoint, from which it can be restored; null unless that is how its last run ended.</summary>
    public DateTimeOffset? Checkpointed { get; init; }
    /// <summary>Whether it is to be started after a reboot.</summary>
    public bool StartsOnBoot { get; init; }
    /// <summary>The id of its pod; empty without one.</summary>
    public string Pod { get; init; } = "";
    /// <summary>The name of its pod; empty without one.</summary>
    public string PodName { get; init; } = "";
    /// <summary>Whether it holds the shared namespaces of its pod.</summary>
    public bool IsInfra { get; init; }
    /// <summary>Bytes in its own layer; null when not asked for (<see cref="ContainerQuery.Size"/>).</summary>
    public long? SizeRw { get; init; }
    /// <summary>Bytes of its own layer and the image; null when not asked for.</summary>
    public long? SizeRootFs { get; init; }
    /// <summary>The kernel's numbers of its namespaces (namespaces(7)) by kind: cgroup, ipc, mnt, net, pid, user, uts; empty where it doesn't run.
    /// Null when not asked for (<see cref="ContainerQuery.Namespaces"/>).</summary>
    public IReadOnlyDictionary<string, long>? Namespaces { get; init; }
    /// <summary>How long its process has been up; null when it isn't running.</summary>
    public TimeSpan? Uptime => State is ContainerState.Running or ContainerState.Paused && Started is { } started ? DateTimeOffset.UtcNow - started : null;
    /// <summary>The first 12 characters of the id.</summary>
    public string ShortId => Id.Length > 12 ? Id[..12] : Id;
    /// <inheritdoc/>
    public override string ToString() => Name;
}

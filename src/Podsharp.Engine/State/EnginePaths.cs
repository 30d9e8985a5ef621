using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>Where this engine keeps its own things. The image store's directories are the storage configuration's.</summary>
internal sealed record EnginePaths
{
    /// <summary>Kept over reboots: the database, volumes, the installed executables.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Cleared by a reboot: exit files, locks, events.</summary>
    public required string TmpDirectory { get; init; }

    /// <summary>Volumes.</summary>
    public required string VolumeDirectory { get; init; }

    /// <summary>podman's network files.</summary>
    public required string NetworkConfigDirectory { get; init; }

    /// <summary>Network namespaces.</summary>
    public required string NetnsDirectory { get; init; }

    /// <summary>An ordinary user's network namespace, and what goes with it.</summary>
    public string RootlessNetworkDirectory => Path.Combine(TmpDirectory, "rootless-netns");

    /// <summary>netavark's run-time directory: root's is shared with podman, an ordinary user's belongs to a namespace of ours.</summary>
    public required string NetavarkDirectory { get; init; }

    /// <summary>conmon writes an exit file here when a container ends, named by its id.</summary>
    public string ExitDirectory => Path.Combine(TmpDirectory, "exits");

    /// <summary>Lock files, one an object.</summary>
    public string LockDirectory => Path.Combine(TmpDirectory, "locks");

    /// <summary>The event log.</summary>
    public string EventLog => Path.Combine(TmpDirectory, "events", "events.log");

    /// <summary>Holds the boot id of the last use.</summary>
    public string BootIdFile => Path.Combine(TmpDirectory, "boot-id");

    /// <summary>Copies of the executable that exit commands name.</summary>
    public string ExecutableDirectory => Path.Combine(StateDirectory, "bin");

    /// <summary>conmon's persist directory of a container: it holds <c>exit</c> and <c>oom</c>.</summary>
    public string PersistDirectory(string containerId) => Path.Combine(TmpDirectory, "persist", containerId);

    /// <summary>Works out the directories: an option wins, else they follow the image store's roots, so that two stores never share state.</summary>
    public static EnginePaths Create(EngineOptions options, string graphRoot, string runRoot, bool rootless, string? xdgRuntimeDirectory)
    {
        var state = options.StateDirectory ?? Path.Combine(graphRoot, "podsharp");
        var runtimeDirectory = rootless ? xdgRuntimeDirectory ?? runRoot : "/run";
        var tmp = options.TmpDirectory ?? Path.Combine(runRoot, "podsharp");
        return new()
        {
            StateDirectory = state,
            TmpDirectory = tmp,
            VolumeDirectory = options.VolumePath ?? Path.Combine(state, "volumes"),
            NetworkConfigDirectory = options.NetworkConfigDirectory
                ?? (rootless ? Path.Combine(graphRoot, "networks") : "/etc/containers/networks"),
            NetnsDirectory = Path.Combine(runtimeDirectory, "netns"),
            NetavarkDirectory = rootless ? Path.Combine(tmp, "rootless-netns", "networks") : "/run/containers/networks",
        };
    }
}

using System.Runtime.InteropServices;

namespace Podsharp.Engine.Runtime;

/// <summary>All that conmon needs to create a container's process and to watch over it. All paths are absolute; all directories
/// exist.</summary>
internal sealed record ConmonLaunch
{
    /// <summary>conmon's path.</summary>
    internal required string ConmonPath { get; init; }
    /// <summary>The OCI runtime's path.</summary>
    internal required string RuntimePath { get; init; }
    /// <summary>Global flags for the runtime, without their dashes.</summary>
    internal IReadOnlyList<string> RuntimeFlags { get; init; } = [];
    /// <summary>The container's id.</summary>
    internal required string ContainerId { get; init; }
    /// <summary>The container's name.</summary>
    internal required string Name { get; init; }
    /// <summary>The directory with config.json; attach socket and control pipe appear here.</summary>
    internal required string BundleDirectory { get; init; }
    /// <summary>Where exit files of all containers appear, named after the id.</summary>
    internal required string ExitDirectory { get; init; }
    /// <summary>This container's directory for the files <c>exit</c> and <c>oom</c>.</summary>
    internal required string PersistDirectory { get; init; }
    /// <summary>The file for the process id.</summary>
    internal required string PidFile { get; init; }
    /// <summary>The file for conmon's process id.</summary>
    internal required string ConmonPidFile { get; init; }
    /// <summary>The runtime's log, in JSON.</summary>
    internal required string OciLog { get; init; }
    /// <summary>k8s-file, json-file (the same), journald, none, passthrough or passthrough-tty.</summary>
    internal string LogDriver { get; init; } = "k8s-file";
    /// <summary>The container's log.</summary>
    internal string LogPath { get; init; } = "";
    /// <summary>Bytes after which the log starts anew; null for never.</summary>
    internal long? LogSizeMaximum { get; init; }
    /// <summary>How many files that have reached the limit are kept beside the log (conmon 2.2); 0 for none.</summary>
    internal int LogBackups { get; init; }
    /// <summary>The tag of the lines in the journal; empty for none.</summary>
    internal string LogTag { get; init; } = "";
    /// <summary>Seconds after which the container is killed; null for never.</summary>
    internal int? Timeout { get; init; }
    /// <summary>CRIU's images, from which the runtime restores the container, rather than create it; null to create it. It runs then.</summary>
    internal string? RestoreFrom { get; init; }
    /// <summary>Options of the runtime's command <c>restore</c>.</summary>
    internal IReadOnlyList<string> RestoreOptions { get; init; } = [];
    /// <summary>Gives the container a terminal.</summary>
    internal bool Terminal { get; init; }
    /// <summary>Keeps its standard input open.</summary>
    internal bool Input { get; init; }
    /// <summary>Program and arguments to run after the end.</summary>
    internal IReadOnlyList<string> ExitCommand { get; init; } = [];
    /// <summary>conmon's whole environment, NAME=value; the exit command inherits it.</summary>
    internal IReadOnlyList<string> Environment { get; init; } = [];
    /// <summary>The group conmon leaves the caller's for; null to stay.</summary>
    internal string? ConmonCgroup { get; init; }
    /// <summary>The slice in which systemd makes a scope for conmon; null for none.</summary>
    internal string? ConmonSlice { get; init; }
    /// <summary>Moves the root with MS_MOVE rather than pivot_root, for a root on a ramdisk.</summary>
    internal bool NoPivotRoot { get; init; }
    /// <summary>No kernel keyring of its own.</summary>
    internal bool NoKeyring { get; init; }
    /// <summary>Descriptors of this process that the container keeps under their numbers.</summary>
    internal IReadOnlyList<int> PreservedDescriptors { get; init; } = [];
    /// <summary>systemd's socket, to which conmon passes on what the container sends to the one in the bundle's directory <c>notify</c>; null for none.</summary>
    internal string? NotifySocket { get; init; }
    /// <summary>What conmon holds as long as it lives: sockets, so that published ports stay taken, and the lifeline of slirp4netns.</summary>
    internal IReadOnlyList<SafeHandle> Held { get; init; } = [];
}

using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>All that conmon needs to run a command in a running container.</summary>
internal sealed record ExecLaunch
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
    /// <summary>The session's id.</summary>
    internal required string SessionId { get; init; }
    /// <summary>The session's own directory, made here: socket, files and exit code are in it.</summary>
    internal required string SessionDirectory { get; init; }
    /// <summary>The OCI process object (<see cref="ExecProcess"/>).</summary>
    internal required byte[] Process { get; init; }
    /// <summary>Gives it a terminal.</summary>
    internal bool Terminal { get; init; }
    /// <summary>Connects its input.</summary>
    internal bool Input { get; init; }
    /// <summary>Descriptors of this process that the command keeps under their numbers.</summary>
    internal IReadOnlyList<int> PreservedDescriptors { get; init; } = [];
    /// <summary>Somebody attaches; else it runs on its own.</summary>
    internal bool Attach { get; init; } = true;
    /// <summary>What to connect.</summary>
    internal AttachOptions AttachOptions { get; init; } = new();
    /// <summary>Program and arguments to run after the end.</summary>
    internal IReadOnlyList<string> ExitCommand { get; init; } = [];
    /// <summary>conmon's whole environment.</summary>
    internal IReadOnlyList<string> Environment { get; init; } = [];
    /// <summary>The group conmon leaves the caller's for.</summary>
    internal string? ConmonCgroup { get; init; }

    /// <summary>Where the exit file appears, named after the container (not the session).</summary>
    internal string ExitDirectory => Path.Combine(SessionDirectory, "exit");
    /// <summary>The session's persist directory.</summary>
    internal string PersistDirectory => Path.Combine(SessionDirectory, "persist", ContainerId);
    /// <summary>The process's pid file.</summary>
    internal string PidFile => Path.Combine(SessionDirectory, "exec_pid");
    /// <summary>conmon's pid file.</summary>
    internal string ConmonPidFile => Path.Combine(SessionDirectory, "conmon.pid");
    /// <summary>The runtime's log.</summary>
    internal string OciLog => Path.Combine(SessionDirectory, "oci-log");
    /// <summary>The file with the OCI process object.</summary>
    internal string ProcessFile => Path.Combine(SessionDirectory, "exec-process");
}

namespace Podsharp.Model;

/// <summary>A process in a container.</summary>
public sealed record ContainerProcessInfo
{
    /// <summary>The container's id.</summary>
    public string ContainerId { get; init; } = "";
    /// <summary>The container's name.</summary>
    public string Container { get; init; } = "";
    /// <summary>Process id in the container's namespace.</summary>
    public int Pid { get; init; }
    /// <summary>Parent's process id in the container's namespace.</summary>
    public int ParentPid { get; init; }
    /// <summary>Process id on the host.</summary>
    public int HostPid { get; init; }
    /// <summary>User id (in the container) or name.</summary>
    public string User { get; init; } = "";
    /// <summary>CPU share since its start, in percent of one CPU.</summary>
    public double CpuPercent { get; init; }
    /// <summary>CPU time used.</summary>
    public TimeSpan CpuTime { get; init; }
    /// <summary>How long it has been running.</summary>
    public TimeSpan Elapsed { get; init; }
    /// <summary>Controlling terminal, <c>?</c> without one.</summary>
    public string Terminal { get; init; } = "?";
    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes { get; init; }
    /// <summary>State letter of /proc/PID/stat.</summary>
    public string State { get; init; } = "";
    /// <summary>Command line.</summary>
    public string Command { get; init; } = "";
    /// <summary>Further ps descriptors asked for, name to text.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = EmptyDictionary.Strings;
}

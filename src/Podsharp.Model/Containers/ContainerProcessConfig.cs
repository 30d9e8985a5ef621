namespace Podsharp.Model;

/// <summary>A container's process after the image's defaults were applied.</summary>
public sealed record ContainerProcessConfig
{
    /// <summary>The arguments, first the program.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
    /// <summary>Entry point in force.</summary>
    public IReadOnlyList<string> EntryPoint { get; init; } = [];
    /// <summary>Command in force.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
    /// <summary>Variables as NAME=value, in order.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];
    /// <summary>Working directory.</summary>
    public string WorkingDirectory { get; init; } = "/";
    /// <summary>User as given.</summary>
    public string User { get; init; } = "";
    /// <summary>The number of the stop signal.</summary>
    public int StopSignal { get; init; } = 15;
    /// <summary>Seconds between the stop signal and SIGKILL.</summary>
    public int StopTimeout { get; init; } = 10;
    /// <summary>Whether the container is prepared for systemd.</summary>
    public bool Systemd { get; init; }
    /// <summary>Host name in force.</summary>
    public string HostName { get; init; } = "";
}

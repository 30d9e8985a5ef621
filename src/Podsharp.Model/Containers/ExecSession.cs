namespace Podsharp.Model;

/// <summary>A command in a container.</summary>
public sealed record ExecSession
{
    /// <summary>64 hexadecimal characters.</summary>
    public required string Id { get; init; }
    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }
    /// <summary>What was asked for.</summary>
    public required ExecSpec Spec { get; init; }
    /// <summary>Whether it runs.</summary>
    public bool Running { get; init; }
    /// <summary>The exit code once it has ended.</summary>
    public int? ExitCode { get; init; }
    /// <summary>The process id on the host, 0 before the start.</summary>
    public int Pid { get; init; }
}

using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>An exec session's row.</summary>
internal sealed record ExecRecord
{
    public required string Id { get; init; }
    public required string ContainerId { get; init; }
    public required ExecSpec Spec { get; init; }
    public ExecState State { get; init; }
    public int Pid { get; init; }
    public long PidStart { get; init; }
    public int? ExitCode { get; init; }
    public string Boot { get; init; } = "";

    public ExecSession ToModel() => new()
    {
        Id = Id, ContainerId = ContainerId, Spec = Spec, Running = State == ExecState.Running, ExitCode = ExitCode, Pid = Pid,
    };
}

namespace Podsharp.Engine.Runtime;

/// <summary>What the OCI runtime says of a container (runtime-spec, "state").</summary>
/// <param name="Status">creating, created, running, stopped or paused.</param>
/// <param name="Pid">The first process; 0 when it has ended.</param>
internal sealed record OciState(string Status, int Pid);

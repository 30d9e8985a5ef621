namespace Podsharp.Engine.Runtime;

/// <summary>A created container process. The start times tell it from a later process of the same number.</summary>
/// <param name="Pid">The container's first process, on the host.</param>
/// <param name="PidStartTime">Its start in clock ticks since boot.</param>
/// <param name="ConmonPid">conmon.</param>
/// <param name="ConmonStartTime">Its start likewise.</param>
/// <param name="Warning">Why conmon could not leave the caller's control group, or null.</param>
internal sealed record ConmonResult(int Pid, long PidStartTime, int ConmonPid, long ConmonStartTime, string? Warning);

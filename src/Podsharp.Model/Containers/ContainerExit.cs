namespace Podsharp.Model;

/// <summary>How a wait ended.</summary>
/// <param name="Id">The container's id.</param>
/// <param name="Name">The container's name.</param>
/// <param name="ExitCode">The exit code; -1 when the condition isn't about ending.</param>
/// <param name="State">The state then.</param>
public sealed record ContainerExit(string Id, string Name, int ExitCode, ContainerState State);

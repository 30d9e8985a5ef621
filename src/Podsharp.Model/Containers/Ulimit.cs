namespace Podsharp.Model;

/// <summary>A process limit (setrlimit(2)).</summary>
/// <param name="Name">Lower case, without RLIMIT_: nofile, nproc, core ...</param>
/// <param name="Soft">The soft limit; -1 for unlimited.</param>
/// <param name="Hard">The hard limit; -1 for unlimited.</param>
public sealed record Ulimit(string Name, long Soft, long Hard);

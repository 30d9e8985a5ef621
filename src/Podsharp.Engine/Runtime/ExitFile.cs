namespace Podsharp.Engine.Runtime;

/// <summary>How a container's process ended.</summary>
/// <param name="ExitCode">Its exit code; 128+n after signal n.</param>
/// <param name="Time">When conmon noted it.</param>
internal readonly record struct ExitFile(int ExitCode, DateTimeOffset Time);

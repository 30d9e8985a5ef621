namespace Podsharp.Model;

/// <summary>One check in a container's health log.</summary>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="ExitCode">0 for a success, 1 for a failure, 125 for one that took too long.</param>
/// <param name="Output">What it wrote, cut to what the log keeps.</param>
public sealed record HealthLogEntry(DateTimeOffset Start, DateTimeOffset End, int ExitCode, string Output);

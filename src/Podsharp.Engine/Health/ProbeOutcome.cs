namespace Podsharp.Engine.Health;

/// <summary>How a check's command ended.</summary>
/// <param name="Passed">It ended in time with exit code 0.</param>
/// <param name="TimedOut">It was killed, since it took too long.</param>
/// <param name="Output">What it wrote, cut.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it had ended.</param>
internal sealed record ProbeOutcome(bool Passed, bool TimedOut, string Output, DateTimeOffset Start, DateTimeOffset End);

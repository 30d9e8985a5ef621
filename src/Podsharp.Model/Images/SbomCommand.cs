namespace Podsharp.Model;

/// <summary>A command of a scanner.</summary>
/// <param name="Words">Its words; of one for a shell, the whole line.</param>
/// <param name="IsForShell">Whether a shell of the scanner's image runs it.</param>
public sealed record SbomCommand(IReadOnlyList<string> Words, bool IsForShell);

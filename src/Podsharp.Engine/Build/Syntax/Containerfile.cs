namespace Podsharp.Engine.Build.Syntax;

/// <summary>A Containerfile that was read.</summary>
/// <param name="Instructions">All of them in order, from those before the first FROM on.</param>
/// <param name="Directives">What the comments at its top tell.</param>
/// <param name="Warnings">What is read but was hardly meant, with file and line.</param>
internal sealed record Containerfile(IReadOnlyList<Instruction> Instructions, Directives Directives, IReadOnlyList<string> Warnings);

namespace Podsharp.Engine.Build.Syntax;

/// <summary>A command for the shell, which is one argument, or a program with its arguments (a JSON list).</summary>
internal sealed record CommandForm(bool Shell, IReadOnlyList<string> Arguments);

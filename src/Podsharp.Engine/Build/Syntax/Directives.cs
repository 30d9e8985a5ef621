namespace Podsharp.Engine.Build.Syntax;

/// <summary>What comments at the top of a file tell the parser.</summary>
/// <param name="Syntax">A front end that docker would fetch; noted only.</param>
/// <param name="Escape">The character that quotes one other or lets a line go on.</param>
/// <param name="Check">Settings of docker's checks; noted only.</param>
/// <param name="Platform">The legacy directive; noted only.</param>
internal sealed record Directives(string? Syntax = null, char Escape = '\\', string? Check = null, string? Platform = null);

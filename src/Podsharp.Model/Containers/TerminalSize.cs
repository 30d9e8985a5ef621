namespace Podsharp.Model;

/// <summary>A terminal's size in character cells.</summary>
/// <param name="Rows">Height.</param>
/// <param name="Columns">Width.</param>
public readonly record struct TerminalSize(int Rows, int Columns);

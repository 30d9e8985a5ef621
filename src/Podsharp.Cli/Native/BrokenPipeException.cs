namespace Podsharp.Cli.Native;

/// <summary>Nobody reads the output any more (<c>podsharp ps | head -1</c>): the program ends silently.</summary>
internal sealed class BrokenPipeException : IOException;

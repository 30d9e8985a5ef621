namespace Podsharp.Engine.Build.Syntax;

/// <summary>A here-document: the lines between an instruction and its terminator.</summary>
/// <param name="Name">The word behind <c>&lt;&lt;</c>, without quotes: the terminator, and with COPY the file's name.</param>
/// <param name="Content">The lines, each with its line feed; leading tabs are gone if <paramref name="StripTabs"/>.</param>
/// <param name="Expand">Variables are expanded: the name wasn't quoted.</param>
/// <param name="StripTabs">It was written <c>&lt;&lt;-</c>.</param>
/// <param name="FileDescriptor">The number before <c>&lt;&lt;</c>: what a shell reads it from; 0 is its standard input.</param>
internal sealed record Heredoc(string Name, string Content, bool Expand, bool StripTabs, int FileDescriptor);

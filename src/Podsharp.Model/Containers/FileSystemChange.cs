namespace Podsharp.Model;

/// <summary>A file in which a container, or an image's top layer, differs from what lies below it.</summary>
/// <param name="Kind">How it differs.</param>
/// <param name="Path">Where it is, seen from inside.</param>
public sealed record FileSystemChange(FileSystemChangeKind Kind, string Path);

using Podsharp.Engine.Build.Syntax;

namespace Podsharp.Engine.Build.Copying;

/// <summary>Patterns of sources in COPY and ADD (Go's path/filepath.Match): each part of a path is matched by itself.</summary>
internal static class SourcePattern
{
    /// <summary>Whether it is a pattern at all.</summary>
    internal static bool IsPattern(string path) => path.AsSpan().ContainsAny("*?[\\");

    /// <summary>The paths of a tree that match, in order.</summary>
    internal static IReadOnlyList<string> Expand(FileTree tree, string pattern)
    {
        List<string> paths = [""];
        foreach (var part in pattern.Split('/'))
        {
            paths = IsPattern(part)
                ? [.. paths.SelectMany(path => tree.List(path).Where(name => ShellPattern.Matches(RawPath.ToText(part), RawPath.ToText(name))).Select(name => RawPath.Join(path, name)))]
                : [.. paths.Select(path => RawPath.Join(path, part)).Where(path => tree.TryStatus(path) is not null)];
        }
        return paths;
    }
}

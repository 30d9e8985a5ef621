namespace Podsharp.Orchestration.Files;

/// <summary>What the ends of paths say to those who copy, on any operating system: containers' paths have slashes.</summary>
internal static class FileNames
{
    /// <summary><c>/.</c> for a directory's content, <c>/</c> for a directory, or nothing.</summary>
    internal static string EndingOf(string path) =>
        path == "." || path.EndsWith("/.", StringComparison.Ordinal) ? "/." : path.EndsWith('/') ? "/" : "";

    /// <summary>A path without its ending; the root is <c>/</c>.</summary>
    internal static string Trim(string path)
    {
        var trimmed = (path == "." ? "" : path[..^EndingOf(path).Length]).TrimEnd('/');
        return trimmed.Length == 0 ? "/" : trimmed;
    }

    /// <summary>The last part of an absolute path.</summary>
    internal static string NameOf(string path)
    {
        var trimmed = Trim(path);
        return trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    /// <summary>The directory of an absolute path.</summary>
    internal static string ParentOf(string path)
    {
        var trimmed = Trim(path);
        var slash = trimmed.LastIndexOf('/');
        return slash <= 0 ? "/" : trimmed[..slash];
    }
}

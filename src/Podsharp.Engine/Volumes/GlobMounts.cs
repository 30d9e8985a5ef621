using System.IO.Enumeration;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Mounts of all paths that fit a pattern: decided when the container is made, as under podman.</summary>
internal static class GlobMounts
{
    /// <summary>A bind for each path of a pattern; any other mount as it is.</summary>
    /// <exception cref="ContainerEngineException">NotFound: nothing fits.</exception>
    internal static IEnumerable<ContainerMount> Expand(ContainerMount mount)
    {
        if (mount.Type != MountType.Glob)
            return [mount];
        if (!mount.Source.StartsWith('/'))
            throw EngineErrors.InvalidArgument($"the pattern \"{mount.Source}\" of a mount is not absolute", mount.Source, "begin it with /");
        var found = Find("/", mount.Source.Split('/', StringSplitOptions.RemoveEmptyEntries).AsMemory()).Order(StringComparer.Ordinal).ToList();
        if (found.Count == 0)
            throw new ContainerEngineException(ErrorKind.NotFound, "MountSourceNotFound", $"no file paths matching glob \"{mount.Source}\"", mount.Source, "correct the pattern");
        // Without a target each keeps its own path.
        return found.Select(path => mount with { Type = MountType.Bind, Source = path, Target = mount.Target.Length > 0 ? Path.Combine(mount.Target, Path.GetFileName(path)) : path });
    }

    private static IEnumerable<string> Find(string directory, ReadOnlyMemory<string> parts)
    {
        if (parts.IsEmpty)
            return [directory];
        var (part, rest) = (parts.Span[0], parts[1..]);
        if (part.AsSpan().IndexOfAny('*', '?', '[') < 0)
            return Path.Combine(directory, part) is var path && (Directory.Exists(path) || File.Exists(path)) ? Find(path, rest) : [];
        return !Directory.Exists(directory) ? [] : Directory.EnumerateFileSystemEntries(directory)
            // As in a shell: what is hidden is meant only where the pattern says so.
            .Where(entry => Fits(Path.GetFileName(entry), part)).SelectMany(entry => Find(entry, rest));
    }

    private static bool Fits(string name, string pattern) =>
        (name[0] != '.' || pattern[0] == '.') && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}

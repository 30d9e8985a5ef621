using Podsharp.Engine.Build.Copying;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Build;

/// <summary>What engine and runtime make in a container's layer to mount files on: empty, not there before, and no part of an image.</summary>
internal static class MountStubs
{
    private static readonly string[] s_always = ["run/.containerenv", "etc/hostname", "etc/hosts", "etc/resolv.conf", "run/secrets"];

    /// <summary>The paths that are nothing else.</summary>
    /// <param name="upper">The container's layer.</param>
    /// <param name="below">What it lies on.</param>
    /// <param name="targets">Where the step's own mounts are.</param>
    internal static HashSet<string> Find(FileTree upper, FileTree below, IEnumerable<string> targets)
    {
        var stubs = new HashSet<string>(StringComparer.Ordinal);
        // The deepest first: a directory that holds nothing but stubs is one.
        foreach (var path in targets.Concat(s_always).SelectMany(WithParents).Distinct(StringComparer.Ordinal).OrderByDescending(path => path.Count(c => c == '/')))
        {
            if (upper.TryStatus(path) is { } status && IsStub(upper, path, status, stubs) && IsUnchanged(below.TryStatus(path), status))
                stubs.Add(path);
        }
        if (below.TryStatus("etc/mtab") is null && upper.TryReadLink("etc/mtab") == "/proc/mounts")
            stubs.Add("etc/mtab");
        return stubs;
    }

    private static bool IsStub(FileTree upper, string path, in FileStatus status, HashSet<string> stubs) =>
        status.IsDirectory ? upper.List(path).All(name => stubs.Contains(RawPath.Join(path, name))) : status is { IsRegular: true, Size: 0 };

    // Not there before, or a directory that has only been opened to hold stubs.
    private static bool IsUnchanged(in FileStatus? before, in FileStatus status) => before is not { } old
        || (old.IsDirectory && status.IsDirectory && old.Mode == status.Mode && old.UserId == status.UserId && old.GroupId == status.GroupId);

    private static IEnumerable<string> WithParents(string path)
    {
        for (; path.Length > 0; path = RawPath.Parent(path))
            yield return path;
    }
}

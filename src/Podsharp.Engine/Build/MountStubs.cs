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
            if (below.TryStatus(path) is null && upper.TryStatus(path) is { } status && IsStub(upper, path, status, stubs))
                stubs.Add(path);
        }
        if (below.TryStatus("etc/mtab") is null && upper.TryReadLink("etc/mtab") == "/proc/mounts")
            stubs.Add("etc/mtab");
        return stubs;
    }

    private static bool IsStub(FileTree upper, string path, in FileStatus status, HashSet<string> stubs) =>
        status.IsDirectory ? upper.List(path).All(name => stubs.Contains(RawPath.Join(path, name))) : status is { IsRegular: true, Size: 0 };

    // The directories that are there in every image stay: what a command makes in an empty one is its own.
    private static IEnumerable<string> WithParents(string path)
    {
        for (; path.Length > 0; path = RawPath.Parent(path))
            yield return path;
    }
}

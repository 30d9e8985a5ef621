using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Cgroups;

/// <summary>The hierarchy of version 2 on a host that uses version 1, mostly mounted nowhere. CRIU looks into it all the same: with each
/// restore it makes there, below the container's group, what the process's group held at the dump. Left alone, that doubles with each round until CRIU
/// needs minutes to walk through it.</summary>
internal static class UnseenHierarchy
{
    private const uint Deepest = 64;
    private const int MostPasses = 100;

    /// <summary>Whether a host has it.</summary>
    internal static bool IsThere(CgroupFacts facts) => facts.Mode is CgroupMode.V1 or CgroupMode.Hybrid;

    /// <summary>Puts a container's processes back to where containers are in this hierarchy, its root, and removes the container's groups.</summary>
    /// <param name="facts">The host's control groups.</param>
    /// <param name="path">The container's group.</param>
    internal static void Clear(CgroupFacts facts, string path)
    {
        if (path.Length < 2 || !IsThere(facts) || Mounts.TryMountNowhere("cgroup2", out var root) != Errno.None)
            return;
        using (root)
        {
            if (Files.TryOpenAt(root!, path.TrimStart('/'), OpenFlags.Directory | OpenFlags.NoFollow, 0, out var group) != Errno.None)
                return;
            using (group)
                Empty(root!, group!, 0);
            _ = Files.TryRemoveDirectory(root!, path.TrimStart('/'));
        }
    }

    // What can't be removed costs time at the next checkpoint, nothing else; a process that stayed behind while the others moved couldn't be restored.
    private static void Empty(SafeFileHandle root, SafeFileHandle group, uint depth)
    {
        for (var pass = 0; pass < MostPasses && Processes(group) is { Length: > 0 } processes; pass++)
        {
            foreach (var process in processes)
                Move(root, process);
        }
        foreach (var entry in depth < Deepest ? Files.ReadDirectory(group) : [])
        {
            if (Files.TryOpenAt(group, entry.Name.AsSpan(), OpenFlags.Directory | OpenFlags.NoFollow, 0, out var child) != Errno.None)
                continue;
            using (child)
                Empty(root, child!, depth + 1);
            _ = Files.TryRemoveDirectory(group, entry.Name.AsSpan());
        }
    }

    // Once more after each pass: one may have forked meanwhile.
    private static string[] Processes(SafeFileHandle group) =>
        Encoding.ASCII.GetString(Files.TryReadAll(group, "cgroup.procs") ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // The kernel takes one with each write.
    private static void Move(SafeFileHandle root, string process)
    {
        if (Files.TryOpenAt(root, "cgroup.procs", OpenFlags.WriteOnly, 0, out var file) != Errno.None)
            return;
        using (file)
        {
            try
            {
                Files.Write(file!, Encoding.ASCII.GetBytes(process));
            }
            catch (LinuxException)
            {
                // It has ended.
            }
        }
    }
}

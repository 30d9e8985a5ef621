using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Cgroups;

/// <summary>Groups in all hierarchies of a host under one path, made, entered and removed through the file system (the "cgroupfs" manager).</summary>
internal static class CgroupTree
{
    /// <summary>Moves a process out of the caller's groups into a group of the same path in every hierarchy, so that the end of the
    /// caller's login session or service does not end it. Where that isn't allowed it stays: the caller is told, not failed.</summary>
    /// <returns>Why it was not moved somewhere, or null.</returns>
    internal static string? Move(CgroupFacts facts, int pid, string path)
    {
        string? problem = null;
        foreach (var hierarchy in facts.Hierarchies)
        {
            // Nobody removes or freezes a root group, and moving costs milliseconds (the kernel waits for all CPUs).
            if (hierarchy.OwnPath == "/" || hierarchy.OwnPath == path)
                continue;
            try
            {
                Make(hierarchy, path);
                File.WriteAllText(hierarchy.DirectoryOf(path) + "/cgroup.procs", pid.ToString(CultureInfo.InvariantCulture));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or LinuxException)
            {
                problem = exception.Message;
            }
        }
        return problem;
    }

    /// <summary>Gives the groups above a container's CPUs and memory nodes, which version 1 leaves empty: of two runtimes that begin at the
    /// same time, the second would find the group that the first has just made and not yet filled, and fail.</summary>
    internal static void PrepareParent(CgroupFacts facts, string path)
    {
        var parent = path.LastIndexOf('/') is > 0 and var end ? path[..end] : "";
        if (parent.Length == 0 || facts.Hierarchies.FirstOrDefault(hierarchy => hierarchy.Controllers.Contains("cpuset")) is not { } cpuset)
            return;
        try
        {
            Make(cpuset, parent);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or LinuxException)
        {
            // The runtime says what it can't do.
        }
    }

    /// <summary>Whether all processes below a group stand still, not only are about to.</summary>
    internal static bool IsFrozen(CgroupFacts facts, string path) => path.Length > 0 && (facts.Mode == CgroupMode.V2
        ? facts.Unified is { } unified && HostFiles.ReadText(unified.DirectoryOf(path) + "/cgroup.events")?.Contains("frozen 1", StringComparison.Ordinal) == true
        : facts.Find("freezer") is { } freezer && HostFiles.ReadText(freezer.DirectoryOf(path) + "/freezer.state")?.Trim() == "FROZEN");

    /// <summary>Makes a group in every hierarchy; in version 2 with all controllers, which each group above hands down.</summary>
    /// <exception cref="LinuxException">It can't be made.</exception>
    internal static void Create(CgroupFacts facts, string path)
    {
        foreach (var hierarchy in facts.Hierarchies)
        {
            if (facts.Mode == CgroupMode.V2)
                HandDown(facts, hierarchy, path);
            else if (!hierarchy.IsUnified)
                Make(hierarchy, path);
        }
    }

    private static void HandDown(CgroupFacts facts, CgroupHierarchy hierarchy, string path)
    {
        var parent = hierarchy.MountPoint;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            // One by one: one that this group lacks would keep the others back.
            foreach (var controller in facts.Controllers)
            {
                try
                {
                    File.WriteAllText(parent + "/cgroup.subtree_control", "+" + controller);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // What needs it says so.
                }
            }
            parent += "/" + name;
            Files.MakeDirectory(parent, 0x1ED);
        }
    }

    /// <summary>Removes a group and all groups below it where nothing runs in them. Nothing there is fine.</summary>
    /// <returns>False where a group is still in use.</returns>
    internal static bool Remove(CgroupFacts facts, string path)
    {
        var removed = true;
        foreach (var hierarchy in facts.Hierarchies)
        {
            var directory = hierarchy.DirectoryOf(path);
            if (path != "/" && Directory.Exists(directory))
                removed &= RemoveBelow(directory);
        }
        return removed;
    }

    /// <summary>Every process in a group and the groups below it.</summary>
    internal static IReadOnlyList<int> Processes(CgroupFacts facts, string path)
    {
        foreach (var hierarchy in Preferred(facts))
        {
            var directory = hierarchy.DirectoryOf(path);
            if (!Directory.Exists(directory))
                continue;
            var pids = new List<int>();
            CollectProcesses(directory, pids);
            return pids;
        }
        return [];
    }

    /// <summary>Where a process is, as /proc tells: the path by controller (<c>memory</c>), with an empty name for version 2.</summary>
    internal static IReadOnlyDictionary<string, string> GroupsOf(int pid)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = HostFiles.ReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cgroup")) ?? "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(':', 3);
            if (parts.Length != 3)
                continue;
            foreach (var controller in parts[1].Split(','))
                groups[controller] = parts[2];
        }
        return groups;
    }

    private static IEnumerable<CgroupHierarchy> Preferred(CgroupFacts facts) =>
        facts.Hierarchies.OrderBy(hierarchy => hierarchy.Controllers.Contains("pids") ? 0 : hierarchy.IsUnified ? 2 : 1);

    private static void Make(CgroupHierarchy hierarchy, string path)
    {
        var parent = hierarchy.MountPoint;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var directory = parent + "/" + name;
            Files.MakeDirectory(directory, 0x1ED);
            if (hierarchy.Controllers.Contains("cpuset"))
            {
                // A version 1 cpuset without CPUs and memory nodes takes no process.
                Inherit(parent, directory, "cpuset.cpus");
                Inherit(parent, directory, "cpuset.mems");
            }
            parent = directory;
        }
    }

    private static void Inherit(string parent, string directory, string file)
    {
        if (HostFiles.ReadLine($"{directory}/{file}").Length == 0)
            File.WriteAllText($"{directory}/{file}", HostFiles.ReadLine($"{parent}/{file}"));
    }

    private static bool RemoveBelow(string directory)
    {
        var removed = true;
        foreach (var entry in Directory.EnumerateDirectories(directory))
            removed &= RemoveBelow(entry);
        return removed && Files.TryRemoveDirectory(Files.Absolute, directory) is Errno.None or Errno.NoEntry;
    }

    private static void CollectProcesses(string directory, List<int> pids)
    {
        var text = HostFiles.ReadText(directory + "/cgroup.procs") ?? "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(line, CultureInfo.InvariantCulture, out var pid))
                pids.Add(pid);
        }
        foreach (var entry in Directory.EnumerateDirectories(directory))
            CollectProcesses(entry, pids);
    }
}

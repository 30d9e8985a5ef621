using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Cgroups;

/// <summary>Containers that stay in the control group of whoever starts them (<c>--cgroups split</c>), which is split in two: one group for the
/// container and one for conmon and everyone else. A service's limits and accounting then hold for its container (podman-run(1)).</summary>
internal static class SplitCgroup
{
    /// <summary>The mode's name, as the option has it.</summary>
    internal const string Name = "split";

    // A name that nobody else gives: a second container's start finds itself in it.
    private const string Others = "/podsharp-runtime";
    private const string Payload = "/podsharp-payload-";

    /// <summary>The container's group if this process starts it.</summary>
    internal static string Container(CgroupFacts facts, string id) => (Own(facts) is "/" ? "" : Own(facts)) + Payload + id;

    /// <summary>The group beside a container's: conmon's.</summary>
    internal static string Beside(string container) => container[..container.LastIndexOf('/')] + Others;

    /// <summary>Splits this process's group. With version 2 everyone in it moves, this process too: a group with controllers for those below
    /// it takes no process itself.</summary>
    /// <returns>The container's group, which the runtime makes.</returns>
    /// <exception cref="ContainerEngineException">Unsupported: this process is in the root group. PermissionDenied: its group isn't delegated to it.</exception>
    internal static string Enter(CgroupFacts facts, string id)
    {
        if (Own(facts) == "/")
            throw EngineErrors.Unsupported("--cgroups split can't be used here: this process is in the root control group, which can't be split", Name,
                "start it from a service with Delegate=yes, or use enabled or no-conmon");
        var container = Container(facts, id);
        if (facts.Mode == CgroupMode.V2)
            Leave(facts.Unified!, container);
        return container;
    }

    private static void Leave(CgroupHierarchy hierarchy, string container)
    {
        var beside = hierarchy.DirectoryOf(Beside(container));
        var group = Path.GetDirectoryName(beside)!;
        try
        {
            Files.MakeDirectory(beside, 0x1ED);
            // Those that fork meanwhile leave children behind, who are found by the next look.
            for (var left = Members(group); left.Length > 0; left = Members(group))
            {
                foreach (var pid in left)
                    Move(pid, beside);
            }
        }
        catch (Exception error) when (error is UnauthorizedAccessException or LinuxException or IOException)
        {
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "CgroupNotDelegated", $"can't split the control group {group}: {error.Message}", group,
                "have it delegated (Delegate=yes in the service), or use --cgroups enabled", error);
        }
    }

    private static void Move(string pid, string group)
    {
        try
        {
            File.WriteAllText(group + "/cgroup.procs", pid);
        }
        catch (IOException error) when (error.HResult == (int)Errno.NoProcess)
        {
            // It has ended.
        }
    }

    // Zero stands for processes that this one can't see, and so can't move either.
    private static string[] Members(string group) =>
        [.. (HostFiles.ReadText(group + "/cgroup.procs") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(pid => pid != "0")];

    // Asked anew each time: a split moves this process.
    private static string Own(CgroupFacts facts)
    {
        var groups = CgroupTree.GroupsOf(Environment.ProcessId);
        var own = facts.Mode == CgroupMode.V2 ? groups.GetValueOrDefault("", "/") : groups.GetValueOrDefault("pids") ?? groups.GetValueOrDefault("memory", "/");
        return own.EndsWith(Others, StringComparison.Ordinal) ? own[..^Others.Length] : own;
    }
}

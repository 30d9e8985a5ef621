namespace Podsharp.Engine.Host;

/// <summary>The control groups of this host and what they allow (cgroups(7)).</summary>
internal sealed record CgroupFacts
{
    /// <summary>Which hierarchies there are.</summary>
    internal CgroupMode Mode { get; init; }

    /// <summary>The hierarchies, as this process sees them.</summary>
    internal IReadOnlyList<CgroupHierarchy> Hierarchies { get; init; } = [];

    /// <summary>The controllers a container can be limited by.</summary>
    internal IReadOnlySet<string> Controllers { get; init; } = new HashSet<string>();

    /// <summary>Hybrid only: controllers that are in the version 2 hierarchy.</summary>
    internal IReadOnlyList<string> UnifiedControllers { get; init; } = [];

    /// <summary>Whether memory and swap together can be limited.</summary>
    internal bool SwapAccounting { get; init; }

    /// <summary>Whether this process may make groups at the root of the hierarchies.</summary>
    internal bool Writable { get; init; }

    /// <summary>crun 1.x ends with "cgroups in hybrid mode not supported" when the version 2 hierarchy beside version 1 has controllers.</summary>
    internal bool CrunRefuses => Mode == CgroupMode.Hybrid && UnifiedControllers.Count > 0;

    /// <summary>The version 2 hierarchy, alone or beside version 1.</summary>
    internal CgroupHierarchy? Unified => Hierarchies.FirstOrDefault(hierarchy => hierarchy.IsUnified);

    /// <summary>The version 1 hierarchy of a controller, or the version 2 one if it has it.</summary>
    internal CgroupHierarchy? Find(string controller) =>
        Hierarchies.FirstOrDefault(hierarchy => hierarchy.Controllers.Contains(controller))
        ?? (Mode == CgroupMode.V2 && Controllers.Contains(controller) ? Unified : null);

    /// <summary>Looks at the host.</summary>
    /// <param name="root">/sys/fs/cgroup, or a test's copy.</param>
    /// <param name="ownGroups">The content of /proc/self/cgroup.</param>
    internal static CgroupFacts Read(string root, string ownGroups)
    {
        // Only the root of a version 2 hierarchy has this file here; in hybrid mode it is one directory down.
        if (HostFiles.ReadText(root + "/cgroup.controllers") is { } controllers)
            return ReadUnified(root, Words(controllers), ownGroups);
        var unified = HostFiles.ReadText(root + "/unified/cgroup.controllers");
        var hierarchies = new List<CgroupHierarchy>();
        foreach (var line in ownGroups.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ParseLine(root, line, unified is not null) is { } hierarchy)
                hierarchies.Add(hierarchy);
        }
        var memory = hierarchies.Find(hierarchy => hierarchy.Controllers.Contains("memory"));
        return new CgroupFacts
        {
            Mode = hierarchies.Count == 0 ? CgroupMode.None : unified is null ? CgroupMode.V1 : CgroupMode.Hybrid,
            Hierarchies = hierarchies,
            Controllers = hierarchies.SelectMany(hierarchy => hierarchy.Controllers).Where(name => !name.StartsWith("name=", StringComparison.Ordinal))
                .ToHashSet(StringComparer.Ordinal),
            UnifiedControllers = Words(unified ?? ""),
            SwapAccounting = memory is not null && File.Exists(memory.MountPoint + "/memory.memsw.limit_in_bytes"),
            Writable = hierarchies.Any(hierarchy => !hierarchy.IsUnified) && hierarchies.Where(hierarchy => !hierarchy.IsUnified)
                .All(hierarchy => HostFiles.IsWritable(hierarchy.MountPoint)),
        };
    }

    private static CgroupFacts ReadUnified(string root, IReadOnlyList<string> controllers, string ownGroups)
    {
        var own = ownGroups.Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal));
        return new CgroupFacts
        {
            Mode = CgroupMode.V2,
            Hierarchies = [new CgroupHierarchy([], root, own is null ? "/" : own[3..])],
            Controllers = controllers.ToHashSet(StringComparer.Ordinal),
            // The root group has no memory.swap.max to look for; the kernel has it when it has swap at all.
            SwapAccounting = File.Exists("/proc/swaps"),
            Writable = HostFiles.IsWritable(root),
        };
    }

    private static CgroupHierarchy? ParseLine(string root, string line, bool unified)
    {
        var parts = line.Split(':', 3);
        if (parts.Length != 3)
            return null;
        if (parts[1].Length == 0)
            return unified ? new CgroupHierarchy([], root + "/unified", parts[2]) : null;
        string[] controllers = parts[1].Split(',');
        var directory = controllers[0].StartsWith("name=", StringComparison.Ordinal) ? controllers[0][5..] : parts[1];
        // Controllers that share a hierarchy are mounted under their joined names, with links of the single ones beside it.
        return Directory.Exists($"{root}/{directory}") ? new CgroupHierarchy(controllers, $"{root}/{directory}", parts[2])
            : Directory.Exists($"{root}/{controllers[0]}") ? new CgroupHierarchy(controllers, $"{root}/{controllers[0]}", parts[2])
            : null;
    }

    private static string[] Words(string text) => text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}

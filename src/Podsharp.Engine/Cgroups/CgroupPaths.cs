using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.Cgroups;

/// <summary>Where containers and conmon are in the hierarchies.</summary>
internal static class CgroupPaths
{
    /// <summary>The engine's own group.</summary>
    internal const string Parent = "/podsharp";

    /// <summary>conmon's group.</summary>
    internal const string Conmon = Parent + "/conmon";

    /// <summary>The group of what watches over containers (the supervisor).</summary>
    internal const string Supervisor = Parent + "/supervisor";

    /// <summary>A container's group; empty where this process can't make groups, and the runtime must do without.</summary>
    /// <param name="facts">The host.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="parent">The parent asked for, or null.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument for a slice, which only the systemd manager can make.</exception>
    internal static string Container(HostFacts facts, string id, string? parent)
    {
        if (!facts.Cgroups.Writable)
            return "";
        var basis = Basis(parent);
        return (basis == "/" ? "" : basis) + "/" + (string.IsNullOrEmpty(parent) ? id : "podsharp-" + id);
    }

    /// <summary>The group in which a pod's is made, and the pod's own; both empty where this process can't make groups.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for a slice.</exception>
    internal static (string Parent, string Path) Pod(HostFacts facts, string id, string? parent)
    {
        if (!facts.Cgroups.Writable)
            return ("", "");
        var basis = Basis(parent);
        return (basis, (basis == "/" ? "" : basis) + "/" + id);
    }

    private static string Basis(string? parent)
    {
        if (parent is { Length: > 0 } && parent.EndsWith(".slice", StringComparison.Ordinal))
        {
            throw EngineErrors.InvalidArgument($"\"{parent}\" can't be a cgroup parent: slices are systemd's, and the cgroup manager is cgroupfs",
                parent, "give a path such as /mygroup, or use --cgroup-manager systemd");
        }
        return string.IsNullOrEmpty(parent) ? Parent : "/" + parent.Trim('/');
    }
}

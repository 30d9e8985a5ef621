using System.Security.Cryptography;
using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.Cgroups;

/// <summary>Control groups that systemd makes: a container is a scope in a slice (systemd.slice(5)), and the runtime asks for it.</summary>
internal static class SystemdCgroups
{
    /// <summary>The manager's name, as options and containers.conf have it.</summary>
    internal const string Name = "systemd";

    private const string DefaultSlice = "machine.slice";

    /// <summary>Whether systemd runs (sd_booted(3)).</summary>
    internal static bool IsThere => Directory.Exists("/run/systemd/system");

    /// <summary>Chooses who makes control groups: <c>cgroupfs</c>, the engine and the runtime themselves, or <c>systemd</c>.</summary>
    /// <param name="asked">The option; null where none was given.</param>
    /// <param name="configured">containers.conf's; it is podman's, too, and obeyed where it can be.</param>
    /// <param name="facts">The host.</param>
    /// <exception cref="ContainerEngineException">Unsupported or InvalidArgument.</exception>
    internal static string Choose(string? asked, string? configured, HostFacts facts) => asked switch
    {
        null or "" => configured == Name && IsThere && !facts.IsRootless ? Name : "cgroupfs",
        "cgroupfs" => asked,
        Name when !IsThere => throw EngineErrors.Unsupported("the cgroup manager systemd can't be used: systemd does not run on this host", Name, "use cgroupfs"),
        Name when facts.IsRootless => throw EngineErrors.Unsupported("the cgroup manager systemd is root's only, so far", Name, "use cgroupfs"),
        Name => asked,
        _ => throw EngineErrors.InvalidArgument($"unknown cgroup manager \"{asked}\"", asked, "use systemd or cgroupfs"),
    };

    /// <summary>The slice for a container.</summary>
    /// <param name="parent">What was asked for, or null.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: no slice.</exception>
    internal static string Slice(string? parent) => string.IsNullOrEmpty(parent) ? DefaultSlice
        : parent.EndsWith(".slice", StringComparison.Ordinal) && !parent.Contains('/', StringComparison.Ordinal) ? parent
        : throw EngineErrors.InvalidArgument($"did not receive systemd slice as cgroup parent when using systemd to manage cgroups: \"{parent}\"", parent,
            "give the name of a slice, such as my.slice");

    /// <summary>Where a container's scope is in the hierarchies.</summary>
    internal static string Container(string slice, string id) => $"{Path(slice)}/podsharp-{id}.scope";

    /// <summary>The slice of a pod, in another one.</summary>
    internal static string Pod(string parent, string id) => (parent == "-.slice" ? "" : parent[..^".slice".Length] + "-") + $"podsharp_pod_{id}.slice";

    /// <summary>A scope for a container's conmon. Each run has one of its own: the last run's is there until its exit command has ended, which
    /// may wait for the start that needs the new one.</summary>
    internal static string NewConmonScope(string id) => $"podsharp-conmon-{id}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.scope";

    /// <summary>What the runtime is told in place of a path: it asks systemd for the scope.</summary>
    internal static string ForRuntime(string slice, string id) => $"{slice}:podsharp:{id}";

    /// <summary>Where a slice is in the hierarchies: in those that its name begins with, a-b.slice in a.slice.</summary>
    internal static string Path(string slice)
    {
        var name = slice[..^".slice".Length];
        if (name == "-")
            return "";
        var path = "";
        for (var dash = name.IndexOf('-', StringComparison.Ordinal); dash >= 0; dash = name.IndexOf('-', dash + 1))
            path += $"/{name[..dash]}.slice";
        return $"{path}/{slice}";
    }
}

using System.Globalization;
using System.Text;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Cgroups;

/// <summary>Finds the processes of a container.</summary>
internal static class ContainerProcesses
{
    private static readonly string[] s_kinds = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];

    /// <summary>All processes of a container, on the host, in ascending order.</summary>
    /// <param name="facts">The host.</param>
    /// <param name="cgroupPath">Its group; empty where it has none: then those in the PID namespace of its first process are taken.</param>
    /// <param name="pid">Its first process.</param>
    internal static IReadOnlyList<int> Find(HostFacts facts, string cgroupPath, int pid)
    {
        var processes = cgroupPath.Length > 0 ? CgroupTree.Processes(facts.Cgroups, cgroupPath) : InNamespaceOf(pid);
        return [.. processes.Distinct().Order()];
    }

    /// <summary>Whether a process has a namespace (net, pid ...) in common with this one.</summary>
    internal static bool SharesNamespace(int pid, string kind) => Link(pid, kind) is { } link && link == Link(Environment.ProcessId, kind);

    /// <summary>The kernel's numbers of a process's namespaces by kind; none where it has ended.</summary>
    internal static IReadOnlyDictionary<string, long> NamespacesOf(int pid)
    {
        var namespaces = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var kind in pid > 0 ? s_kinds : [])
        {
            // As the kernel writes them: net:[4026532257].
            if (Link(pid, kind) is { } link && long.TryParse(link.AsSpan(link.IndexOf('[') + 1).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                namespaces[kind] = number;
        }
        return namespaces;
    }

    private static IEnumerable<int> InNamespaceOf(int pid)
    {
        // In the host's PID namespace, nothing tells the container's processes from others.
        if (SharesNamespace(pid, "pid") || Link(pid, "pid") is not { } wanted)
            return [pid];
        return Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path))
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0 && Link(number, "pid") == wanted);
    }

    private static string? Link(int pid, string kind) =>
        Files.TryReadLink(Files.Absolute, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/{kind}")) is { } bytes
            ? Encoding.ASCII.GetString(bytes) : null;
}

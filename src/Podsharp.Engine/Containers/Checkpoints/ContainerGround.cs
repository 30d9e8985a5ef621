using System.Globalization;
using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Host;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>What in a container keeps CRIU from dumping it for sure, looked for before anything is frozen.</summary>
internal static class ContainerGround
{
    /// <summary>Checks a running container.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: it is made in a way that CRIU can't take. InvalidState: it can't be taken now.</exception>
    internal static void Check(EngineParts parts, ContainerRecord record)
    {
        CheckDefinition(record);
        foreach (var pid in ContainerProcesses.Find(parts.Host, record.Config.CgroupPath, record.Pid))
        {
            // One that has ended meanwhile is none of CRIU's worries.
            if (HostFiles.ReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status")) is { } status)
                CheckProcess(record, pid, status, parts.Host.CanRaiseLimits);
        }
    }

    private static void CheckDefinition(ContainerRecord record)
    {
        // CRIU freezes the group that the processes are in: that of whoever has started them, and the dump would never end.
        if (record.Config.CgroupPath.Length == 0)
            throw Never(record, "it has no control group of its own (--cgroups disabled) that CRIU could freeze", "make it without --cgroups disabled");
        if (record.Config.UserIdMap.Count > 0 && Path.GetFileName(record.Config.RuntimePath) == "crun")
            throw Never(record, "crun binds the host's devices into user namespaces, where CRIU can't take them along", "make it without a user namespace (--userns host)");
        // CRIU would put its processes, with the numbers they had there, into the host's.
        if (record.Config.Spec.PidNamespace is { Kind: NamespaceKind.Container or NamespaceKind.Path })
            throw Never(record, "it shares the process numbers (PID namespace) of others, into which CRIU can't restore", "make it with its own (leave --pid out; for a pod, pid out of --share)");
        if (record.Config.Mounts.FirstOrDefault(mount => mount.Type == MountType.Ramfs) is { } ramfs)
            throw Never(record, $"the ramfs at {ramfs.Target} has content that CRIU can't take along", "make it with a tmpfs there");
    }

    /// <summary>Checks one process by its <c>/proc/PID/status</c>.</summary>
    /// <param name="record">The container.</param>
    /// <param name="pid">The process on the host.</param>
    /// <param name="status">What the kernel tells of it.</param>
    /// <param name="reachesOthers">Whether CRIU can read the limits of other users' processes.</param>
    internal static void CheckProcess(ContainerRecord record, int pid, string status, bool reachesOthers)
    {
        if (Field(status, "TracerPid:") is not ("" or "0") and var tracer)
        {
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} can't be checkpointed: its process {pid} ({Field(status, "Name:")}) is traced by process {tracer}, a debugger",
                "end the debugger first");
        }
        if (!reachesOthers && Array.Find((Field(status, "Uid:") + "\t" + Field(status, "Gid:")).Split('\t'), id => id != "0") is { } other)
        {
            throw EngineErrors.Unsupported($"container {record.Name} can't be checkpointed: its process {pid} ({Field(status, "Name:")}) runs with the id {other}, and CRIU can't read limits of others than root "
                + "without the capability CAP_SYS_RESOURCE, which this process lacks", record.Id,
                "run it with that capability (in a container: --cap-add SYS_RESOURCE), or the container's processes as root");
        }
    }

    private static string Field(string status, string name)
    {
        var start = status.IndexOf(name, StringComparison.Ordinal);
        return start < 0 || (start > 0 && status[start - 1] != '\n') ? "" : status[(start + name.Length)..].Split('\n')[0].Trim();
    }

    private static ContainerEngineException Never(ContainerRecord record, string reason, string remedy) =>
        EngineErrors.Unsupported($"container {record.Name} can't be checkpointed: {reason}", record.Id, remedy);
}

using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>What running containers do and use now.</summary>
internal sealed class ContainerMonitor(EngineParts parts)
{
    /// <summary>The processes of a running container.</summary>
    public IEnumerable<ContainerProcessInfo> Processes(string nameOrId, IReadOnlyList<string> descriptors)
    {
        var record = Running(nameOrId, "list the processes of");
        return ProcessList.Read(parts.Host, record.Id, record.Name, record.Config.CgroupPath, record.Pid, record.Run!.RootPath, descriptors);
    }

    /// <summary>What a running container uses.</summary>
    public ContainerUsage Usage(string nameOrId)
    {
        var record = Running(nameOrId, "measure");
        return CgroupUsage.Read(parts.Host, record.Id, record.Name, record.Pid, record.Config.CgroupPath, record.Started ?? record.Created);
    }

    /// <summary>The record of a container that must be running.</summary>
    /// <exception cref="ContainerEngineException">There is none, or it isn't.</exception>
    internal ContainerRecord Running(string nameOrId, string action)
    {
        var record = parts.Containers.Get(parts.Containers.Resolve(nameOrId));
        if (parts.Settler.NeedsSettling(record))
            record = parts.Settler.TrySettle(record) ?? throw EngineErrors.ContainerNotFound(nameOrId);
        return record.State is ContainerState.Running or ContainerState.Paused or ContainerState.Stopping
            ? record
            : throw EngineErrors.InvalidState(record.Id,
                $"can't {action} container {record.Name}: it is {record.State.ToString().ToLowerInvariant()}, not running");
    }
}

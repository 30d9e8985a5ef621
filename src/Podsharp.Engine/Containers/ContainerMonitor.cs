using System.Runtime.CompilerServices;
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
        return Read(record, before: null);
    }

    /// <summary>Looks at what containers use, once or at intervals.</summary>
    public async IAsyncEnumerable<UsageSample> WatchAsync(UsageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query.Interval is { TotalSeconds: < 0.1 })
            throw EngineErrors.InvalidArgument("the interval between two looks is too short", null, "give a tenth of a second or more");
        var before = new Dictionary<string, ContainerUsage>(StringComparer.Ordinal);
        while (true)
        {
            var usages = await Task.Run(() => Look(query, before), cancellationToken);
            before = usages.ToDictionary(usage => usage.Id);
            yield return new(DateTimeOffset.UtcNow, usages);
            if (query.Interval is not { } interval)
                yield break;
            await Task.Delay(interval, cancellationToken);
        }
    }

    private List<ContainerUsage> Look(UsageQuery query, Dictionary<string, ContainerUsage> before)
    {
        var named = query.NamesOrIds.Count > 0;
        var pods = query.Pods.Select(parts.Pods.Resolve).ToHashSet(StringComparer.Ordinal);
        var containers = parts.Lister.List(new() { All = query.All, NamesOrIds = query.NamesOrIds }).Where(container => pods.Count == 0 || pods.Contains(container.Pod)).ToArray();
        var usages = new List<ContainerUsage>(containers.Length);
        foreach (var container in containers)
        {
            if (container.State is ContainerState.Running or ContainerState.Paused or ContainerState.Stopping)
            {
                if (parts.Containers.Find(container.Id) is { Pid: > 0 } record)
                    usages.Add(Read(record, before.GetValueOrDefault(container.Id)));
            }
            // As podman: what doesn't run uses nothing.
            else if (named || query.All)
                usages.Add(new ContainerUsage { Id = container.Id, Name = container.Name, Time = DateTimeOffset.UtcNow });
        }
        return usages;
    }

    private ContainerUsage Read(ContainerRecord record, ContainerUsage? before)
    {
        var started = record.Started ?? record.Created;
        // A sample of an earlier run says nothing about this one.
        return CgroupUsage.Read(parts.Host, record.Id, record.Name, record.Pid, record.Config.CgroupPath, started, before?.Time > started ? before : null) with { Pod = record.Config.PodId };
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

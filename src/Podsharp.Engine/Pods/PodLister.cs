using Podsharp.Engine.Containers;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>Lists and describes pods.</summary>
internal sealed class PodLister(EngineParts parts)
{
    /// <summary>The pods that match, oldest first.</summary>
    public IEnumerable<Pod> List(PodQuery query)
    {
        parts.PodSettler.SettleAll();
        var filter = PodFilter.Compile(query.Filters);
        if (query.NamesOrIds.Count > 0)
            return query.NamesOrIds.Select(parts.Pods.Resolve).Distinct().Select(id => Describe(parts.Pods.Find(id) ?? throw EngineErrors.PodNotFound(id))).Where(filter).ToArray();
        var records = parts.Pods.List();
        if (records.Count == 0)
            return [];
        if (query.Latest)
            records = [records[^1]];
        var members = parts.Containers.List().Where(record => record.Config.PodId.Length > 0).ToLookup(record => record.Config.PodId, StringComparer.Ordinal);
        return records.Where(record => record.Intent != Intent.Create).Select(record => Describe(record, [.. members[record.Id]]))
            .Where(pod => !query.Unused || IsUnused(pod, members[pod.Id])).Where(filter).ToArray();
    }

    // One whose container waits for its restart has ended only for now.
    private static bool IsUnused(Pod pod, IEnumerable<ContainerRecord> members) =>
        pod.State is PodState.Stopped or PodState.Exited && members.All(member => member.NextStart is null);

    /// <summary>A pod's list view.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    public Pod Get(string nameOrId)
    {
        parts.PodSettler.SettleAll();
        return Describe(parts.Pods.Find(parts.Pods.Resolve(nameOrId)) ?? throw EngineErrors.PodNotFound(nameOrId));
    }

    /// <summary>The list view of a record.</summary>
    public Pod Describe(PodRecord record) => Describe(record, Members(record.Id));

    /// <summary>Everything about a pod.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    public PodDetail Inspect(string nameOrId)
    {
        parts.PodSettler.SettleAll();
        var record = parts.Pods.Find(parts.Pods.Resolve(nameOrId)) ?? throw EngineErrors.PodNotFound(nameOrId);
        return new()
        {
            Pod = Describe(record),
            Spec = record.Config.Spec,
            CgroupPath = record.Config.CgroupPath,
            Infra = record.Config.InfraId.Length > 0 ? parts.Inspector.Inspect(record.Config.InfraId, size: false) : null,
        };
    }

    /// <summary>The records of a pod's containers, oldest first.</summary>
    public IReadOnlyList<ContainerRecord> Members(string id) => [.. parts.Pods.Members(id).Select(parts.Containers.Find).OfType<ContainerRecord>()];

    private Pod Describe(PodRecord record, IReadOnlyList<ContainerRecord> members)
    {
        var containers = new List<ContainerRecord>(members.Count);
        foreach (var member in members)
        {
            var current = parts.Settler.NeedsSettling(member) ? parts.Settler.TrySettle(member) : member;
            if (current is not null && current.Intent != Intent.Create)
                containers.Add(current);
        }
        var config = record.Config;
        var infra = containers.Find(member => member.Config.IsInfra())?.Config;
        return new()
        {
            Id = record.Id,
            Name = record.Name,
            State = PodStates.Of([.. containers.Where(member => member.Config.Spec.InitContainer is null).Select(member => member.State)]),
            Created = record.Created,
            InfraId = config.InfraId,
            Containers =
            [
                .. containers.Select(member => new PodContainer(member.Id, member.Name, member.State, member.RestartCount) { InitContainer = member.Config.Spec.InitContainer }),
            ],
            Labels = config.Spec.Labels,
            Networks = infra is null || infra.Network.Kind == NamespaceKind.Host ? [] : ContainerLister.NetworksOf(infra),
            Ports = infra?.Ports ?? [],
            SharedNamespaces = config.Spec.Share,
            ExitPolicy = config.Spec.ExitPolicy,
            RestartPolicy = config.Spec.Container.RestartPolicy,
            CgroupParent = config.CgroupParent,
        };
    }
}

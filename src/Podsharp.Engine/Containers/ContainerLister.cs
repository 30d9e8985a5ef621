using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Storage;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Lists containers: rows of the database and, on request, other engines' records of the shared store.</summary>
internal sealed class ContainerLister(EngineParts parts)
{
    /// <summary>The containers that match, oldest first.</summary>
    public IEnumerable<Container> List(ContainerQuery query)
    {
        var configs = new Dictionary<string, ContainerConfig>(StringComparer.Ordinal);
        var all = Everything(query.External || query.Filters.ContainsKey("status"), configs);
        if (query.Unused && query.Filters.Keys.FirstOrDefault(key => key is not ("label" or "label!" or "until")) is { } wrong)
            throw EngineErrors.InvalidArgument($"\"{wrong}\" is not a filter for unused containers", wrong, "use label, label! or until");
        var filter = ContainerFilter.Compile(query.Filters, name => Single(all, name), DescendsFrom,
            container => configs.TryGetValue(container.Id, out var config) ? config.Mounts : []);
        if (query.Unused)
            all.RemoveAll(container => container.NextStart is not null || container.IsInfra
                || container.State is not (ContainerState.Created or ContainerState.Stopped or ContainerState.Exited));
        if (query.NamesOrIds.Count > 0)
            return query.NamesOrIds.Select(name => Single(all, name)).DistinctBy(container => container.Id).Where(filter).Select(Complete);
        if (query.Last > 0)
            return all.Where(filter).TakeLast(query.Last).Select(Complete);
        var everyState = query.All || query.Unused || query.Filters.ContainsKey("status") || query.Filters.ContainsKey("exited");
        return all.Where(container => (everyState || container.State is ContainerState.Running or ContainerState.Stopping || container.NextStart is not null)
            && (query.External || container.State != ContainerState.External) && filter(container)).Select(Complete);

        Container Complete(Container container)
        {
            if (query.Namespaces)
                container = container with { Namespaces = ContainerProcesses.NamespacesOf(container.Pid) };
            return query.Size && container.State != ContainerState.Lost ? parts.Sizes.WithSizes(container) : container;
        }
    }

    /// <summary>The list view of a record.</summary>
    public Container ToModel(ContainerRecord record, bool lost) => ToModel(record, lost, record.Config.PodId.Length == 0 ? "" : parts.Pods.NameOf(record.Config.PodId),
        record.Config.SharesPodNetwork() ? parts.Containers.Find(record.Config.InfraId) : null);

    private static Container ToModel(ContainerRecord record, bool lost, string podName, ContainerRecord? infra) => new()
    {
        Id = record.Id,
        Name = record.Name,
        Image = record.Config.ImageName,
        ImageId = record.Config.ImageId,
        Command = record.Config.IsInfra() ? [] : record.Config.Command,
        Created = record.Created,
        Started = record.Started,
        Finished = record.Finished,
        State = lost ? ContainerState.Lost : record.State,
        ExitCode = record.State is ContainerState.Exited or ContainerState.Stopped ? record.ExitCode : null,
        Pid = record.Pid,
        // Those of the network that it has.
        Ports = infra?.Config.Ports ?? record.Config.Ports,
        ExposedPorts = record.Config.ExposedPorts,
        Labels = record.Config.Labels,
        Networks = NetworksOf(record.Config),
        Mounts = record.Config.Mounts.Select(mount => mount.Target).ToArray(),
        Volumes = record.Config.Mounts.Where(mount => mount.Type == MountType.Volume).Select(mount => mount.Source).ToArray(),
        AutoRemove = record.Config.Spec.AutoRemove,
        RestartPolicy = record.Config.Spec.RestartPolicy,
        RestartCount = record.RestartCount,
        Health = record.Health?.Status ?? HealthStatus.None,
        NextStart = record.NextStart,
        Checkpointed = record.Checkpointed,
        StartsOnBoot = RestartSchedule.StartsOnBoot(record),
        Pod = record.Config.PodId,
        PodName = podName,
        IsInfra = record.Config.IsInfra(),
    };

    /// <summary>The names of the networks a container is attached to.</summary>
    public static IReadOnlyList<string> NetworksOf(ContainerConfig config) => config.HasNetworks()
        ? config.Networks.Select(network => network.Network).ToArray()
        : config.Network.Kind == NamespaceKind.None || config.SharesPodNetwork() ? []
        : config.Network.Kind is NamespaceKind.Pasta or NamespaceKind.Slirp4netns ? [config.Network.Kind.ToString().ToLowerInvariant()] : [config.Network.ToString()];

    private List<Container> Everything(bool external, Dictionary<string, ContainerConfig> configs)
    {
        parts.PodSettler.SettleAll();
        var records = parts.Containers.List();
        var pods = records.Any(record => record.Config.PodId.Length > 0) ? parts.Pods.Names() : EmptyDictionary.Strings;
        var infras = records.Where(record => record.Config.IsInfra()).ToDictionary(record => record.Id);
        var stored = records.Count > 0 || external
            ? parts.Storage.ListContainers().ToDictionary(container => container.Id)
            : [];
        var containers = new List<Container>(records.Count);
        foreach (var record in records)
        {
            var current = parts.Settler.NeedsSettling(record) ? parts.Settler.TrySettle(record) : record;
            // One in the middle of its creation isn't there yet; one without storage was removed by another program.
            if (current is null || Intent.IsCreation(current.Intent) || (!external && Build.BuildContainers.IsOfBuild(current.Config)))
                continue;
            configs[current.Id] = current.Config;
            containers.Add(ToModel(current, lost: !stored.ContainsKey(current.Id) && !Intent.IsRemoval(current.Intent),
                pods.GetValueOrDefault(current.Config.PodId, ""), current.Config.SharesPodNetwork() ? infras.GetValueOrDefault(current.Config.InfraId) : null));
        }
        if (!external)
            return containers;
        var own = records.Select(record => record.Id).ToHashSet();
        containers.AddRange(stored.Values.Where(container => !own.Contains(container.Id)).Select(External));
        return [.. containers.OrderBy(container => container.Created)];
    }

    private Container External(StoredContainer stored) => new()
    {
        Id = stored.Id,
        Name = stored.Names.Count > 0 ? stored.Names[0] : stored.Id[..12],
        Image = stored.ImageId is { Length: > 0 } id && parts.Storage.FindImage(id) is { Names.Count: > 0 } image ? image.Names[0] : "",
        ImageId = stored.ImageId ?? "",
        Command = ["storage"],
        Created = stored.Created,
        State = ContainerState.External,
    };

    private static Container Single(List<Container> all, string nameOrId)
    {
        if (nameOrId.Length == 0)
            throw EngineErrors.ContainerNotFound(nameOrId);
        if (all.Find(container => container.Name == nameOrId || container.Id == nameOrId) is { } exact)
            return exact;
        var found = all.FindAll(container => container.Id.StartsWith(nameOrId, StringComparison.Ordinal));
        return found.Count switch
        {
            0 => throw EngineErrors.ContainerNotFound(nameOrId),
            1 => found[0],
            _ => throw EngineErrors.Ambiguous("container", nameOrId),
        };
    }

    private bool DescendsFrom(Container container, string ancestor)
    {
        if (container.ImageId.Length == 0)
            return false;
        // As podman: any part of the image's name.
        if (container.ImageId.StartsWith(ancestor, StringComparison.Ordinal) || container.Image.Contains(ancestor, StringComparison.Ordinal))
            return true;
        return parts.Images.Find(ancestor)?.Image is { } image
            && (image.Id == container.ImageId || (image.TopLayerId is { } top && LayersOf(container.ImageId).Contains(top)));
    }

    private HashSet<string> LayersOf(string imageId) => parts.Storage.FindImage(imageId)?.TopLayerId is { } top
        ? parts.Storage.GetLayerChain(top).Select(layer => layer.Id).ToHashSet()
        : [];
}

using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>What users do with networks: list, look at, make, remove.</summary>
internal sealed class NetworkCatalog(EngineParts parts)
{
    private readonly NetworkUsers users = new(parts);

    private NetworkStore Store => parts.Networks.Store;

    /// <summary>Lists networks by name.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: no such filter. NotFound: a name that is asked for.</exception>
    internal IReadOnlyList<ContainerNetwork> List(NetworkQuery query)
    {
        var wanted = NetworkFilter.Create(query.Filters, () => users.Used());
        var networks = query.NamesOrIds.Count == 0 ? Store.List() : [.. query.NamesOrIds.Select(name => Store.Get(name))];
        return [.. networks.Where(wanted).Select(network => network.ToModel())];
    }

    /// <summary>Whether there is such a network. The default one counts: it is made when it is first needed.</summary>
    internal bool Exists(string nameOrId)
    {
        try
        {
            return nameOrId == NetworkStore.DefaultName || Store.Get(nameOrId) is not null;
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    /// <summary>A network, and our containers that are set up on it.</summary>
    internal ContainerNetworkDetail Inspect(string nameOrId, CancellationToken cancellationToken)
    {
        var network = Store.Get(nameOrId, cancellationToken);
        return new()
        {
            Network = network.ToModel(),
            // A list of containers has nothing of their runs.
            Members = (from record in users.Ours(network.Name).Select(parts.Containers.Find).OfType<ContainerRecord>()
                       from status in record.Run?.NetworkStatus ?? []
                       where status.Network == network.Name
                       select new NetworkMember(record.Id, record.Name, status)).ToArray(),
        };
    }

    /// <summary>Makes a network. Nothing appears on the host before its first container.</summary>
    internal ContainerNetwork Create(NetworkSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Ignore && spec.Name.Length > 0 && Store.Find(spec.Name) is { } there) return there.ToModel();
        try
        {
            var made = Store.Add(networks => new NetworkMaker(networks, HostNetworks.Read(), parts.Conf.Network.DefaultSubnetPools, divides: !parts.Networks.UsesCni).Make(spec), cancellationToken);
            Log(made, "create");
            return made.ToModel();
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.NameInUse && spec.Ignore && Store.Find(spec.Name) is { } meanwhile)
        {
            return meanwhile.ToModel();
        }
    }

    /// <summary>Has a network's name server forward to other servers, also for the containers that are on it.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; InvalidState for a network without a name server.</exception>
    internal ContainerNetwork Update(string nameOrId, NetworkUpdate update, CancellationToken cancellationToken)
    {
        foreach (var server in update.AddDnsServers.Concat(update.RemoveDnsServers))
            if (!System.Net.IPAddress.TryParse(server, out _)) throw EngineErrors.InvalidArgument($"unable to parse ip {server}", server, "give name servers as addresses, for example 9.9.9.9");
        var name = Store.Get(nameOrId, cancellationToken).Name;
        if (parts.Networks.UsesCni) throw EngineErrors.Unsupported("NetworkUpdate is not supported for backend CNI: its networks have no name servers of their own", name, "set network_backend = \"netavark\" in containers.conf");
        var changed = Store.Change(name, network =>
        {
            if (!network.DnsEnabled) throw EngineErrors.InvalidState(name, $"cannot update DNS servers: DNS is disabled for the network {name}", "make a network with a name server");
            // podman refuses what isn't there.
            if (update.RemoveDnsServers.FirstOrDefault(server => !network.DnsServers.Contains(server)) is { } missing)
                throw EngineErrors.InvalidArgument($"the network {name} has no name server {missing}", missing, "remove one of: " + string.Join(", ", network.DnsServers));
            return NetworkFile.WithDnsServers(network, [.. network.DnsServers.Union(update.AddDnsServers).Except(update.RemoveDnsServers)]);
        }, cancellationToken);
        parts.Networks.UpdateDns(changed, cancellationToken);
        Log(changed, "update");
        return changed.ToModel();
    }

    /// <summary>Removes a network; with force also our containers on it.</summary>
    /// <returns>Its name; null where there is none and that is no error (force).</returns>
    /// <exception cref="ContainerEngineException">NotFound; InUse; InvalidArgument for the default network.</exception>
    internal string? Remove(string nameOrId, NetworkRemoveOptions options, CancellationToken cancellationToken)
    {
        NetworkDefinition network;
        try
        {
            if (NetworkFilter.IsDefault(nameOrId)) throw DefaultStays(nameOrId);
            network = Store.Get(nameOrId, cancellationToken);
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.NotFound && options.Force)
        {
            return null;
        }
        if (NetworkFilter.IsDefault(network.Name)) throw DefaultStays(network.Name);
        if (options.Force)
            foreach (var id in users.Ours(network.Name))
                parts.Remover.Remove(id, new RemoveOptions { Force = true, Ignore = true, Volumes = true, Timeout = options.Timeout }, cancellationToken);
        Remove(network, cancellationToken);
        return network.Name;
    }

    /// <summary>The networks that nobody's container uses, but for the default ones. Those of podman's are left to podman.</summary>
    /// <param name="filters">Which are meant.</param>
    /// <param name="gone">Ids of containers of ours that count as removed.</param>
    internal IReadOnlyList<PruneReport> Unused(IReadOnlyDictionary<string, IReadOnlyList<string>> filters, IReadOnlySet<string> gone)
    {
        var used = users.Used(gone);
        var wanted = NetworkFilter.Create(filters, () => used);
        return [.. Store.List().Where(network => network.IsOwn && !NetworkFilter.IsDefault(network.Name) && !used.Contains(network.Name) && wanted(network))
            .Select(network => new PruneReport { Kind = StorageKind.Network, Id = network.Id, Name = network.Name })];
    }

    /// <summary>Removes a network that nobody uses, as a part of tidying up.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InUse.</exception>
    internal void Prune(string id, CancellationToken cancellationToken) => Remove(Store.Get(id, cancellationToken), cancellationToken);

    private void Remove(NetworkDefinition network, CancellationToken cancellationToken)
    {
        CheckUnused(network);
        if (!Store.Remove(network.Name, () => users.Ours(network.Name).Count > 0, cancellationToken)) CheckUnused(network);
        // netavark removes a bridge with its last container; CNI's plugins leave it.
        if (network is { IsCni: true, Driver: NetworkDefinition.Bridge }) Native.NetworkCalls.TryRemoveBridge(network.Interface);
        Log(network, "remove");
    }

    private void CheckUnused(NetworkDefinition network)
    {
        if (users.Ours(network.Name).Count > 0)
            throw new ContainerEngineException(ErrorKind.InUse, "NetworkInUse",
                $"\"{network.Name}\" has associated containers with it. Use -f to forcibly delete containers and pods: network is being used", network.Name,
                "remove these containers first, or force the removal to have them removed");
        if (users.Podmans(network.Name) is { Count: > 0 } theirs)
            throw new ContainerEngineException(ErrorKind.InUse, "NetworkInUse", $"\"{network.Name}\" is used by containers of podman's: {string.Join(", ", theirs)}", network.Name,
                "remove them there first: podman rm");
    }

    private static ContainerEngineException DefaultStays(string name) =>
        EngineErrors.InvalidArgument($"default network {name} cannot be removed", name, "containers without a network option need it");

    private void Log(NetworkDefinition network, string status) => parts.Events.Append(new EngineEvent
    {
        Type = "network",
        Status = status,
        Time = DateTimeOffset.UtcNow,
        Id = network.Id,
        Network = network.Name,
        Attributes = new Dictionary<string, string> { ["driver"] = network.Driver },
    });
}

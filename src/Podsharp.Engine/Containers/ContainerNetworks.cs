using Podsharp.Engine.Networks;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Changes what networks and ports containers have, in the namespace in which they run.</summary>
/// <remarks>The row gets the new configuration and both requests to netavark (what was and what is to be) before anything is done. Where that is found
/// without an outcome, both are taken down and the new one is set up: connections drop then, which else only a change of all does.</remarks>
internal sealed class ContainerNetworks(EngineParts parts)
{
    /// <summary>Connects a container to a further network, at once if it runs.</summary>
    /// <returns>What it got; of one that doesn't run only the name.</returns>
    /// <exception cref="ContainerEngineException">NotFound; InvalidArgument; InvalidState: it is connected already, or has no network of its own.</exception>
    public NetworkStatus Connect(string nameOrId, NetworkAttachment wanted, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            RequireOwn(record, "connected to a network");
            var attachment = parts.Networks.Attach(record.Config.Networks, wanted, cancellationToken);
            if (record.Config.Networks.Any(other => other.Network == attachment.Network))
                throw EngineErrors.InvalidState(record.Id, $"container {record.Id} is already connected to network {attachment.Network}: network is already connected", "disconnect it first");
            var config = WithNetworks(record.Config, [.. record.Config.Networks, attachment]);
            record = Apply(record, config, (run, request) =>
            {
                var setup = parts.Networks.Setup(request.Only(attachment.Network), run.NetnsPath, cancellationToken);
                return [.. run.NetworkStatus, .. setup.Status];
            }, undo: null, cancellationToken); // a set-up that fails takes down what it made
            Log(record, attachment.Network, "connect");
            return record.Run?.NetworkStatus.FirstOrDefault(status => status.Network == attachment.Network) ?? new NetworkStatus { Network = attachment.Network };
        }
    }

    /// <summary>Disconnects a container from a network, at once if it runs.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InvalidState: it isn't connected, or has no network of its own.</exception>
    public void Disconnect(string nameOrId, string network, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            RequireOwn(record, "disconnected from a network");
            var name = record.Config.Networks.Any(attachment => attachment.Network == network) ? network : parts.Networks.Store.Get(network, cancellationToken).Name;
            if (record.Config.Networks.All(attachment => attachment.Network != name))
                throw EngineErrors.InvalidState(record.Id, $"container {record.Name} is not connected to network {name}");
            var config = WithNetworks(record.Config, [.. record.Config.Networks.Where(attachment => attachment.Network != name)]);
            var former = record.Run?.NetworkRequest;
            record = Apply(record, config, (run, _) =>
            {
                parts.Networks.Teardown(NetavarkJson.Only(former!, name), run.NetnsPath, cancellationToken);
                return [.. run.NetworkStatus.Where(status => status.Network != name)];
            }, undo: null, cancellationToken);
            Log(record, name, "disconnect");
        }
    }

    /// <summary>Makes a running container's interfaces and firewall rules anew, with the addresses it has.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ContainerEngineException">InvalidState: it doesn't run, or has no network of its own.</exception>
    public string Reload(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            if (!record.Config.HasNetworks())
                throw EngineErrors.InvalidState(record.Id, $"container {record.Id} network is not configured, refusing to reload");
            if (!IsSetUp(record))
                throw EngineErrors.InvalidState(record.Id, "cannot reload network unless container network has been configured", $"start it: podsharp start {record.Name}");
            return Replace(record, record.Config, cancellationToken).Id;
        }
    }

    /// <summary>Gives a container other networks or ports, at once if it runs: open connections drop, its addresses in networks that stay don't
    /// change. A set-up that fails brings back what was. The caller holds the container's lock.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, PortInUse, InvalidState.</exception>
    public ContainerRecord Change(ContainerRecord record, IReadOnlyList<NetworkAttachment>? networks, IReadOnlyList<PortMapping>? ports, CancellationToken cancellationToken)
    {
        if (networks is null && ports is null)
            return record;
        RequireOwn(record, "given other networks or ports");
        var config = record.Config;
        if (networks is not null)
            config = WithNetworks(config, parts.Networks.Attachments([.. networks.Select(attachment => Named(attachment, record.Config))], cancellationToken));
        if (ports is not null)
        {
            var resolved = PortPlan.Resolve(ports, [], publishAll: false);
            parts.Networks.CheckForwarding(resolved);
            if (record.HasRun && parts.Networks.ForwardsPorts)
                parts.Forwarders.Check(record, resolved);
            else if (record.HasRun)
            {
                IReadOnlyList<PortMapping> added = [.. resolved.Except(config.Ports)];
                PortReservation.Check(added, record.ConmonPid);
                parts.LatePorts.Check(added, record.Id);
                if (added.Count > 0)
                    parts.LatePorts.Add(record.Id);
            }
            config = config with { Ports = resolved, Spec = config.Spec with { Ports = resolved, PublishAll = false } };
        }
        return Replace(record, config, cancellationToken);
    }

    /// <summary>Finishes a change that was begun.</summary>
    public ContainerRecord Settle(ContainerRecord record)
    {
        var run = record.Run!;
        TakeDown(run);
        try
        {
            var request = parts.Networks.Prepare(Kept(record.Config, run.NetworkStatus));
            var setup = parts.Networks.Setup(request, run.NetnsPath);
            return Finish(record, run with { NetworkRequest = request.Json, FormerNetworkRequest = null, NetworkStatus = setup.Status }, again: true);
        }
        catch (ContainerEngineException error)
        {
            // It runs on without a network, and says why, rather than be stuck in this.
            TakeDown(run);
            return Finish(record with { Error = error.Message }, run with { FormerNetworkRequest = null, NetworkStatus = [] }, again: true);
        }
    }

    /// <summary>Takes down all that a run has, and what a change was about to give it.</summary>
    public void TakeDown(ContainerRun run)
    {
        if (run.NetworkRequest is { } request)
            parts.Networks.Teardown(request, run.NetnsPath);
        if (run.FormerNetworkRequest is { } former)
            parts.Networks.Teardown(former, run.NetnsPath);
    }

    private ContainerRecord Replace(ContainerRecord record, ContainerConfig config, CancellationToken cancellationToken)
    {
        var before = record;
        return Apply(record, config, (run, request) =>
        {
            parts.Networks.Teardown(before.Run!.NetworkRequest!, run.NetnsPath, cancellationToken);
            StepPoints.Reach("container.network.down");
            return parts.Networks.Setup(request, run.NetnsPath, cancellationToken).Status;
        }, (run, request) =>
        {
            parts.Networks.Teardown(request.Json, run.NetnsPath);
            parts.Networks.Setup(parts.Networks.Prepare(Kept(before.Config, run.NetworkStatus)), run.NetnsPath);
        }, cancellationToken);
    }

    /// <summary>Writes down the change, has it made, and writes down what came of it.</summary>
    /// <param name="record">The container.</param>
    /// <param name="config">Its configuration from now on.</param>
    /// <param name="act">Makes the change in what runs; returns what it has then.</param>
    /// <param name="undo">Brings back what was, after <paramref name="act"/> has failed; null where nothing has been changed then.</param>
    /// <param name="cancellationToken">Ends waits.</param>
    private ContainerRecord Apply(ContainerRecord record, ContainerConfig config, Func<ContainerRun, NetworkRequest, IReadOnlyList<NetworkStatus>> act,
        Action<ContainerRun, NetworkRequest>? undo, CancellationToken cancellationToken)
    {
        if (!IsSetUp(record))
            return parts.Containers.CommitConfig(record with { Config = config }, "network-config");
        var before = record;
        var run = record.Run!;
        var request = parts.Networks.Prepare(Kept(config, run.NetworkStatus), cancellationToken);
        record = parts.Containers.CommitConfig(record with
        {
            Config = config,
            Intent = Intent.Network,
            Run = run with { NetworkRequest = request.Json, FormerNetworkRequest = run.NetworkRequest },
        }, "network-begin");
        try
        {
            var status = act(run, request);
            StepPoints.Reach("container.network.made");
            return Finish(record, record.Run! with { FormerNetworkRequest = null, NetworkStatus = status });
        }
        catch (Exception error) when (error is ContainerEngineException or OperationCanceledException)
        {
            Undo(before with { Revision = record.Revision }, undo is null ? null : () => undo(run, request));
            throw;
        }
    }

    private void Undo(ContainerRecord before, Action? undo)
    {
        try
        {
            undo?.Invoke();
            parts.Forwarders.Adapt(before);
            parts.Containers.CommitConfig(before, "network-undo");
            parts.Networks.KeepAddresses(before.Id, before.Config.Networks);
        }
        catch (ContainerEngineException)
        {
            // The first error is the one to tell. The intent stands: the next look at the container finishes the change, or takes down the rest.
        }
    }

    /// <param name="record">In the intent, with what the run had.</param>
    /// <param name="run">What it has now.</param>
    /// <param name="again">Somebody was killed at this before.</param>
    private ContainerRecord Finish(ContainerRecord record, ContainerRun run, bool again = false)
    {
        var former = record.Run!.NetworkStatus;
        parts.Networks.KeepAddresses(record.Id, record.Config.Networks);
        var done = record with { Intent = null, Run = run };
        parts.Forwarders.Adapt(done);
        // Before the outcome: whoever finds the intent does it again.
        parts.NameFiles.Rewrite(done, former, again);
        StepPoints.Reach("container.network.names");
        return parts.Containers.Commit(done, "network");
    }

    private static bool IsSetUp(ContainerRecord record) => record is { HasRun: true, Run.NetworkRequest: not null };

    private static void RequireOwn(ContainerRecord record, string what)
    {
        if (!record.Config.HasNetworks())
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} can't be {what}: its network mode is \"{record.Config.Network}\"", "make it anew with a network of its own");
    }

    /// <summary>A clone is made from the spec: it gets what the container has.</summary>
    private static ContainerConfig WithNetworks(ContainerConfig config, IReadOnlyList<NetworkAttachment> networks) =>
        config with { Networks = networks, Spec = config.Spec with { Networks = networks } };

    /// <summary>An interface in a network that stays keeps its name, unless another one is asked for.</summary>
    private static NetworkAttachment Named(NetworkAttachment attachment, ContainerConfig before)
    {
        var name = attachment.Network.Length > 0 ? attachment.Network : NetworkStore.DefaultName;
        return attachment with { InterfaceName = attachment.InterfaceName ?? before.Networks.FirstOrDefault(other => other.Network == name)?.InterfaceName };
    }

    /// <summary>What it has in networks that stay it keeps: addresses, hardware addresses.</summary>
    private static ContainerConfig Kept(ContainerConfig config, IReadOnlyList<NetworkStatus> status) => config with
    {
        Networks = [.. config.Networks.Select(attachment => status.FirstOrDefault(known => known.Network == attachment.Network) is not { } known ? attachment : attachment with
        {
            StaticIps = attachment.StaticIps.Count > 0 ? attachment.StaticIps : [.. known.Addresses.Select(address => address.Split('/')[0])],
            StaticMac = string.IsNullOrEmpty(attachment.StaticMac) && known.MacAddress.Length > 0 ? known.MacAddress : attachment.StaticMac,
        })],
    };

    private void Log(ContainerRecord record, string network, string status) => parts.Events.Append(new EngineEvent
    {
        Type = "network",
        Status = status,
        Time = DateTimeOffset.UtcNow,
        Id = record.Id,
        Name = record.Name,
        Network = network,
    });
}

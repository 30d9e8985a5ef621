using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Containers.Checkpoints;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.Networks;
using Podsharp.Engine.State;
using Podsharp.Engine.UserNamespaces;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Initialises and starts containers.</summary>
internal sealed class ContainerStarter(EngineParts parts)
{
    /// <summary>Starts a container; one that runs is left alone. On failure nothing of the run is left, and a container with --rm is removed.</summary>
    public Container Start(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, record) = AcquireWithPod(nameOrId, cancellationToken);
        if (record is { Config.Spec.Requires.Count: > 0, State: not ContainerState.Running })
        {
            // Not under the lock: it may take as long as others need to become healthy.
            held.Dispose();
            parts.Dependencies.StartRequired(record, cancellationToken);
            (held, record) = AcquireWithPod(record.Id, cancellationToken);
        }
        using (held)
        {
            if (record.State is ContainerState.Running)
                return parts.Lister.ToModel(record, lost: false);
            record = StartInitialized(Initialize(record, cancellationToken));
        }
        return record.Config.Spec.SdNotify == "healthy" ? AwaitHealth(record, cancellationToken) : parts.Lister.ToModel(record, lost: false);
    }

    /// <summary>Tells systemd that the service is ready once a check has succeeded. It is this process that waits, since systemd hears only those of the
    /// service's control group: the helper isn't.</summary>
    private Container AwaitHealth(ContainerRecord record, CancellationToken cancellationToken)
    {
        parts.Stopper.Wait(record.Id, [WaitCondition.Healthy], cancellationToken);
        if (record.Config.NotifySocket.Length > 0)
            SystemdNotify.Send(record.Config.NotifySocket, "READY=1");
        return parts.Lister.ToModel(parts.Containers.Find(record.Id) ?? record, lost: false);
    }

    /// <summary>Takes the container's lock, once its pod's infra container runs, whose namespaces it needs. No two containers' locks are held.</summary>
    public (Native.FileLock Lock, ContainerRecord Record) AcquireWithPod(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        if (record.State is not (ContainerState.Created or ContainerState.Exited) || !LacksInfra(record))
            return (held, record);
        held.Dispose();
        Start(record.Config.InfraId, cancellationToken);
        return parts.Settler.Acquire(nameOrId, cancellationToken);
    }

    private bool LacksInfra(ContainerRecord record) => record.Config is { InfraId.Length: > 0 } config && !config.IsInfra()
        && parts.Containers.Find(config.InfraId) is { } infra && !(infra.HasRun && Native.ProcessTable.IsAlive(infra.Pid, infra.PidStart));

    /// <summary>Starts a container as its restart policy asks, if that is (still) due.</summary>
    public void Restart(string id, CancellationToken cancellationToken)
    {
        if (parts.Containers.Find(id) is { NextStart: not null } waiting && LacksInfra(waiting))
            Start(waiting.Config.InfraId, cancellationToken);
        using var held = parts.Containers.Lock(id, cancellationToken);
        if (parts.Containers.Find(id) is not { } found || parts.Settler.Settle(found) is not { NextStart: { } time } record || time > DateTimeOffset.UtcNow)
            return;
        if (record.State is not (ContainerState.Created or ContainerState.Exited or ContainerState.Initialized))
        {
            parts.Containers.Commit(RestartSchedule.Off(record), "restart-off");
            return;
        }
        if (parts.Storage.FindContainer(id) is null)
        {
            parts.Containers.Commit(RestartSchedule.Off(record) with { Error = EngineErrors.ContainerStorageLost(id, record.Name).Message }, "restart-off");
            return;
        }
        // A start that succeeds takes back the longer pause that a failure would have.
        StartInitialized(Initialize(record, cancellationToken, restart: true) with { RestartDelay = record.RestartDelay });
    }

    /// <summary>Sets a container up without starting its process.</summary>
    /// <exception cref="ContainerEngineException">InvalidState when it is set up already.</exception>
    public Container Initialize(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, record) = AcquireWithPod(nameOrId, cancellationToken);
        using (held)
        {
            if (record.HasRun)
                throw EngineErrors.InvalidState(record.Id,
                    $"container {record.Name} has already been set up: it is {record.State.ToString().ToLowerInvariant()}");
            return parts.Lister.ToModel(Initialize(record, cancellationToken), lost: false);
        }
    }

    /// <summary>Sets a container up without starting its process. The caller holds its lock.</summary>
    public ContainerRecord Initialize(ContainerRecord record, CancellationToken cancellationToken, bool restart = false)
    {
        switch (record.State)
        {
            case ContainerState.Initialized:
                return record;
            case ContainerState.Created or ContainerState.Exited:
                break;
            default:
                throw EngineErrors.InvalidState(record.Id, $"container {record.Name} can't be started: it is {record.State.ToString().ToLowerInvariant()}");
        }
        if (parts.Storage.FindContainer(record.Id) is null)
            throw EngineErrors.ContainerStorageLost(record.Id, record.Name);
        record = restart
            ? parts.Containers.Commit(RestartSchedule.Begin(Begin(record), DateTimeOffset.UtcNow), "init-begin", "restart")
            : parts.Containers.Commit(RestartSchedule.Off(Begin(record)) with { RestartCount = 0 }, "init-begin");
        try
        {
            return SetUp(restart ? record : PlaceBesideCaller(record), cancellationToken);
        }
        catch (Exception e)
        {
            Undo(record, e);
            throw;
        }
    }

    /// <summary>Sets a container up with processes that come from its checkpoint; they run then. The caller holds its lock. On failure nothing of the run
    /// is left.</summary>
    public ContainerRecord Restore(ContainerRecord record, RestoreRun run, CancellationToken cancellationToken)
    {
        if (parts.Storage.FindContainer(record.Id) is null)
            throw EngineErrors.ContainerStorageLost(record.Id, record.Name);
        record = parts.Containers.Commit(RestartSchedule.Off(Begin(record)) with { RestartCount = 0, ExitCode = record.ExitCode }, "restore-begin");
        try
        {
            record = SetUp(PlaceBesideCaller(record), cancellationToken, run);
        }
        catch (Exception e)
        {
            Undo(record, e);
            throw;
        }
        Notify(record);
        if (record.Config.Health.IsChecked())
            parts.Health.BeginLog(record);
        return Checked(record);
    }

    private ContainerRecord Begin(ContainerRecord record) => record with
    {
        Intent = Intent.Init,
        Boot = parts.Host.BootId,
        Error = "",
        ExitCode = null,
        OomKilled = false,
        StoppedByUser = false,
        Run = new ContainerRun { NetnsPath = record.Config.OwnNetworkNamespace ? parts.Networks.NamespacePath(record.Id) : "" },
    };

    // A restart keeps its place: it is done by the supervisor, in nobody's service.
    private ContainerRecord PlaceBesideCaller(ContainerRecord record)
    {
        if (record.Config.Spec.Cgroups != SplitCgroup.Name)
            return record;
        var group = SplitCgroup.Enter(parts.Host.Cgroups, record.Id);
        return group == record.Config.CgroupPath ? record
            : parts.Containers.CommitConfig(record with { Config = record.Config with { CgroupPath = group } }, "init-cgroup");
    }

    private ContainerRecord SetUp(ContainerRecord record, CancellationToken cancellationToken, RestoreRun? restore = null)
    {
        var config = record.Config;
        // The others of a pod are set up once its infra container runs.
        if (config.PodId.Length > 0 && (config.InfraId.Length == 0 || config.IsInfra()) && parts.Pods.Find(config.PodId) is { } pod)
            parts.PodCgroups.Prepare(pod.Config);
        using var lifeline = config.Network.Kind == NamespaceKind.Slirp4netns ? new Lifeline() : null;
        using var listeners = parts.Forwarders.Listen(config);
        using var prepared = parts.Bundles.Prepare(record, lifeline?.Held, restore);
        using var owners = parts.UserNamespaces.Open(config);
        var rootPath = config.PlainRoot() ?? parts.Storage.Mount(record.Id, config.RootBelow());
        StepPoints.Reach("container.init.mounted");
        parts.Accounts.Add(config, rootPath);
        var user = parts.Accounts.ResolveUser(config, rootPath);
        var mounts = parts.Mounts.Prepare(config with { MountLabel = parts.Labels.Of(config).Mount }, rootPath, config.OnHost(user.UserId, user.GroupId),
            again: record.Finished is not null, cancellationToken);
        StepPoints.Reach("container.init.volumes");
        record = SetUpNetwork(record with { Run = record.Run! with { RootPath = rootPath } }, restore?.WithAddresses(config) ?? config, owners, lifeline, cancellationToken);
        if (listeners is not null)
            parts.Forwarders.Start(record, listeners);
        cancellationToken.ThrowIfCancellationRequested();
        using var visible = ShowRoot(config, rootPath);
        StepPoints.Reach("container.init.visible");
        var bundle = parts.Bundles.Write(record, mounts, visible?.Path ?? rootPath, parts.UserNamespaces.PathOf(config, owners));
        StepPoints.Reach("container.init.bundle");
        restore?.LoadSharedMemory(parts.Bundles.OwnSharedMemory(record.Id), cancellationToken);
        restore?.Begin();
        var conmon = prepared.Create(cancellationToken);
        restore?.End();
        StepPoints.Reach("container.init.conmon");
        record = record with
        {
            State = ContainerState.Initialized,
            Intent = null,
            Checkpointed = null,
            Restored = null,
            Pid = conmon.Pid,
            PidStart = conmon.PidStartTime,
            ConmonPid = conmon.ConmonPid,
            ConmonStart = conmon.ConmonStartTime,
            Run = record.Run! with { Process = bundle.Process, MountPoints = bundle.MountPoints, Capabilities = bundle.EffectiveCapabilities.ToNames() },
        };
        return restore is null ? parts.Containers.Commit(record, "init", "init") : parts.Containers.Commit(record with
        {
            // Its time goes on from its start, as under podman.
            State = ContainerState.Running,
            Started = record.Started ?? DateTimeOffset.UtcNow,
            Finished = null,
            ExitCode = null,
            Restored = DateTimeOffset.UtcNow,
        }, "restore", "restore");
    }

    private VisibleRoot? ShowRoot(ContainerConfig config, string rootPath)
    {
        var (users, groups) = config.Spec.RootFsIdMap is { } option ? Volumes.IdMapOption.Find([option], config.UserIdMap, config.GroupIdMap) : ([], []);
        return config.UserNamespace.Kind == NamespaceKind.Host && users.Count == 0 ? null : VisibleRoot.Show(parts.Host, config.Id, rootPath, users, groups);
    }

    private ContainerRecord SetUpNetwork(ContainerRecord record, ContainerConfig config, UserNamespace? owners, Lifeline? lifeline, CancellationToken cancellationToken)
    {
        if (!config.OwnNetworkNamespace)
            return record;
        parts.Networks.CreateNamespace(record.Id, owners?.Network, cancellationToken);
        StepPoints.Reach("container.init.netns");
        if (!config.HasNetworks())
        {
            parts.Networks.StartProgram(config, record.Run!.NetnsPath, lifeline);
            StepPoints.Reach("container.init.network");
            return record;
        }
        var request = parts.Networks.Prepare(config, cancellationToken);
        // Kept before it is carried out: the teardown needs the same words.
        record = parts.Containers.Commit(record with { Run = record.Run! with { NetworkRequest = request.Json } }, "init-network");
        var setup = parts.Networks.Setup(request, record.Run!.NetnsPath, cancellationToken);
        StepPoints.Reach("container.init.network");
        return record with { Run = record.Run with { NetworkStatus = setup.Status } };
    }

    private ContainerRecord StartInitialized(ContainerRecord record)
    {
        record = parts.Containers.Commit(record with { Intent = Intent.Start }, "start-begin");
        try
        {
            parts.RuntimeOf(record.Config).Start(record.Id);
        }
        catch (Exception e)
        {
            Undo(record, e);
            throw;
        }
        StepPoints.Reach("container.start.runtime");
        Notify(record);
        if (record.Config.Health.IsChecked())
            parts.Health.BeginLog(record);
        return Checked(parts.Containers.Commit(record with
        {
            State = ContainerState.Running,
            Intent = null,
            Started = DateTimeOffset.UtcNow,
            Finished = null,
            NextStart = null,
        }, "start", "start"));
    }

    /// <summary>Has the helper check the health of a container that was started, where that is wanted.</summary>
    public ContainerRecord Checked(ContainerRecord record)
    {
        if (record.Health?.NextCheck is not null)
            parts.SupervisorProcess.Wake();
        return record;
    }

    // conmon is the service's main process: it ends with the container, and with its exit code.
    private static void Notify(ContainerRecord record)
    {
        if (record.Config.NotifySocket is { Length: > 0 } socket)
            SystemdNotify.Send(socket, $"MAINPID={record.ConmonPid}" + (record.Config.Spec.SdNotify == "conmon" ? "\nREADY=1" : ""));
    }

    private void Undo(ContainerRecord record, Exception error)
    {
        var cancelled = error is OperationCanceledException;
        try
        {
            record = parts.Takedown.UndoInitialization(parts.Containers.Find(record.Id) ?? record, cancelled ? "" : error.Message);
            if (record.Config.Spec.AutoRemove && !cancelled)
                parts.Takedown.Remove(record, volumes: true);
        }
        catch (ContainerEngineException)
        {
            // The first error is the one to tell. The intent stands: the next look at the container undoes the rest.
        }
    }
}

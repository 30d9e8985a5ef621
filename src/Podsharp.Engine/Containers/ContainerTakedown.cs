using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Native;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.State;
using Podsharp.Engine.UserNamespaces;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Ends runs and containers. Every method expects the container's lock to be held, can be killed anywhere and called again.</summary>
internal sealed class ContainerTakedown(EngineParts parts)
{
    private const int UnknownExitCode = 255;
    private static readonly TimeSpan ExitFileGrace = TimeSpan.FromSeconds(5);

    /// <summary>The container's process has ended: records how, takes everything down and, with --rm, removes the container.</summary>
    /// <returns>The record as it stands, or null when the container is gone.</returns>
    public ContainerRecord? Finish(ContainerRecord record)
    {
        record = RecordExit(record);
        Release(record, record.Config);
        parts.PodRunner.AfterEnd(record);
        return Complete(record);
    }

    /// <summary>The container's processes are in a checkpoint and have ended: takes everything down. Its restart policy doesn't count this as an end.</summary>
    /// <remarks>It stays even with --rm: as long as its checkpoint may be nowhere else.</remarks>
    /// <returns>The record as it stands.</returns>
    public ContainerRecord? FinishCheckpoint(ContainerRecord record)
    {
        // conmon notes this end as any other: waited for, or it would be taken for the next run's.
        var exit = ReadExit(record);
        return Resume(parts.Containers.Commit(RestartSchedule.Off(record) with
        {
            State = ContainerState.Stopped,
            Intent = Intent.Cleanup,
            ExitCode = 0,
            Finished = exit.Time,
            Checkpointed = DateTimeOffset.UtcNow,
            Restored = null,
            Pid = 0,
            PidStart = 0,
        }, "checkpoint", "checkpoint"));
    }

    /// <summary>Goes on with a <see cref="Intent.Cleanup"/> that was begun.</summary>
    public ContainerRecord? Resume(ContainerRecord record)
    {
        Release(record, record.Config);
        parts.PodRunner.AfterEnd(record);
        return Complete(record);
    }

    /// <summary>Undoes a set-up that did not come to its end.</summary>
    /// <param name="record">In the intent of <see cref="Intent.Init"/>.</param>
    /// <param name="error">Why, for inspect.</param>
    public ContainerRecord UndoInitialization(ContainerRecord record, string error)
    {
        ConmonProcesses.Kill(record.Id);
        Release(record, record.Config);
        return Awaited(parts.Containers.Commit(Ended(record) with
        {
            State = record.Started is null ? ContainerState.Created : ContainerState.Exited,
            Error = error,
        }, "undo"));
    }

    /// <summary>After a reboot nothing runs, nothing is mounted and no address is taken.</summary>
    public ContainerRecord? AfterReboot(ContainerRecord record)
    {
        var ran = record.HasRun || record.Intent is Intent.Start or Intent.Cleanup;
        if (record.Run?.NetworkRequest is { } request)
            parts.Networks.TeardownAfterReboot(request);
        ReleaseRecords(record);
        if (record.Health is not null)
            parts.Health.Forget(record.Id);
        record = parts.Containers.Commit(RestartSchedule.Off(Ended(record)) with
        {
            Health = null,
            State = ran ? ContainerState.Exited : record.Started is null ? ContainerState.Created : ContainerState.Exited,
            ExitCode = ran ? record.ExitCode ?? UnknownExitCode : record.ExitCode,
            Finished = ran ? record.Finished ?? DateTimeOffset.UtcNow : record.Finished,
            Boot = parts.Host.BootId,
        }, "reboot");
        return ran && record.Config.Spec.AutoRemove ? Remove(record, volumes: true) : record;
    }

    /// <summary>Removes a container that doesn't run, with its storage; with its anonymous volumes if asked or with --rm.</summary>
    /// <returns>null, always: the container is gone.</returns>
    public ContainerRecord? Remove(ContainerRecord record, bool volumes)
    {
        // A removal that goes on is carried out as it was asked for in the first place.
        volumes |= record.Config.Spec.AutoRemove || record.Intent == Intent.RemoveWithVolumes;
        if (!Intent.IsRemoval(record.Intent))
            record = parts.Containers.Commit(record with
            {
                State = ContainerState.Removing,
                Intent = volumes ? Intent.RemoveWithVolumes : Intent.Remove,
            }, "remove-begin");
        parts.Storage.RemoveContainer(record.Id);
        StepPoints.Reach("container.remove.storage");
        parts.Volumes.ReleaseContainer(record.Id, removeAnonymous: volumes);
        StepPoints.Reach("container.remove.volumes");
        RemoveIdFile(record);
        parts.Containers.Delete(record, "remove");
        parts.Executables.Forget(record.Executable);
        return null;
    }

    /// <summary>The caller's file with the id goes with the container, unless another container's id is in it by now.</summary>
    private static void RemoveIdFile(ContainerRecord record)
    {
        if (record.Config.Spec.IdFile is { } path && Files.TryReadAll(path) is { } content
            && System.Text.Encoding.ASCII.GetString(content).Trim() == record.Id)
            _ = Files.TryRemove(path);
    }

    /// <summary>Undoes a creation that did not come to its end: no event, since nobody has seen the container.</summary>
    public void UndoCreation(ContainerRecord record)
    {
        var mounts = record.Config.Mounts;
        if (mounts.Any(mount => mount.Type == MountType.Volume))
            parts.VolumeMounts.ReleaseContainer(record.Id);
        // An id that came from elsewhere may be that of a container of podman's.
        if (parts.Storage.FindContainer(record.Id) is not { } stored || stored.Metadata == ContainerCreator.StorageMetadata(record.Config, record.Created))
            parts.Storage.RemoveContainer(record.Id);
        parts.Volumes.ReleaseContainer(record.Id, removeAnonymous: true, removeNamed: record.Intent == Intent.Import);
        parts.Containers.Delete(record, status: null);
        parts.Executables.Forget(record.Executable);
    }

    /// <summary>Whether conmon's note of the container's end is there.</summary>
    public bool IsEndNoted(string id) => ExitFiles.Read(parts.Paths.ExitDirectory, parts.Paths.PersistDirectory(id), id) is not null;

    private ContainerRecord RecordExit(ContainerRecord record)
    {
        var exit = ReadExit(record);
        return parts.Containers.Commit(RestartSchedule.AfterEnd(record, exit.Code, exit.Time) with
        {
            State = ContainerState.Stopped,
            Intent = Intent.Cleanup,
            ExitCode = exit.Code,
            Finished = exit.Time,
            OomKilled = exit.OomKilled,
            Pid = 0,
            PidStart = 0,
        }, "died", "died", exit.Code);
    }

    private (int Code, DateTimeOffset Time, bool OomKilled) ReadExit(ContainerRecord record)
    {
        var persist = parts.Paths.PersistDirectory(record.Id);
        var exit = ExitFiles.Read(parts.Paths.ExitDirectory, persist, record.Id);
        if (exit is null)
        {
            // conmon writes the file a moment after the process has gone, perhaps this very moment: where there is no conmon any more,
            // the wait is one more look.
            using var conmon = Pidfd.Open(record.ConmonPid, record.ConmonStart);
            using var limit = new CancellationTokenSource(ExitFileGrace);
            exit = WaitForExitFile(record.Id, persist, conmon, limit.Token);
        }
        var oom = ExitFiles.OutOfMemory(persist, parts.Storage.RunDirectory(record.Id));
        return exit is { } found ? (found.ExitCode, found.Time, oom) : (UnknownExitCode, DateTimeOffset.UtcNow, oom);
    }

    private ExitFile? WaitForExitFile(string id, string persist, Pidfd? conmon, CancellationToken limit)
    {
        try
        {
            return ExitFiles.Wait(parts.Paths.ExitDirectory, persist, id, conmon, limit);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void Release(ContainerRecord record, ContainerConfig config)
    {
        DeleteFromRuntime(record, config);
        StepPoints.Reach("container.cleanup.runtime");
        ReleaseResources(record);
        if (record.Restored is not null || record.Intent == Intent.Init)
            UnseenHierarchy.Clear(parts.Host.Cgroups, config.CgroupPath);
        // What systemd has made it takes away itself.
        if (config.CgroupPath.Length > 0 && config.CgroupSlice.Length == 0)
            CgroupTree.Remove(parts.Host.Cgroups, config.CgroupPath);
    }

    private void ReleaseResources(ContainerRecord record)
    {
        if (record.Run is { } run)
        {
            parts.Forwarders.Stop(record.Config);
            parts.ContainerNetworks.TakeDown(run);
            parts.LatePorts.Remove(record.Id);
            StepPoints.Reach("container.cleanup.network");
            if (run.NetnsPath.Length > 0)
                NetworkService.DeleteNamespace(run.NetnsPath);
            if (record.Config.HasNetworks())
                parts.Networks.Leave(run.NetnsPath);
            if (record.Config is { Network.Kind: NamespaceKind.Pasta, Ports.Count: > 0 })
                Pasta.AwaitEnd(run.NetnsPath);
            if (record.Config.Network.Kind == NamespaceKind.Slirp4netns)
                parts.Networks.ForgetSlirp(record.Id);
            StepPoints.Reach("container.cleanup.netns");
        }
        parts.PodHosts.Remove(record);
        ReleaseRecords(record);
    }

    /// <summary>A runtime that fails, or was removed from the host, must not keep a container for ever: what counts is that nothing runs.</summary>
    private void DeleteFromRuntime(ContainerRecord record, ContainerConfig config)
    {
        try
        {
            parts.RuntimeOf(config).Delete(record.Id, force: true);
        }
        catch (ContainerEngineException) when (!ProcessTable.IsAlive(record.Pid, record.PidStart)
            && (config.CgroupPath.Length == 0 || CgroupTree.Processes(parts.Host.Cgroups, config.CgroupPath).Count == 0))
        {
            // Nothing runs: its files in the runtime's directory are all that may be left, and a reboot clears them.
        }
    }

    private void ReleaseRecords(ContainerRecord record)
    {
        if (record.Config.OwnNetworkNamespace)
            parts.Networks.ReleaseAddresses(record.Id);
        var shm = Path.Combine(parts.Storage.RunDirectory(record.Id), "shm");
        if (Directory.Exists(shm))
            Mounts.TryUnmount(shm, lazily: true);
        if (record.Config.UserNamespace.Kind != NamespaceKind.Host)
            VisibleRoot.Remove(parts.Host, record.Id);
        parts.Storage.Unmount(record.Id, force: false);
        if (record.Config.Mounts.Any(mount => mount.Type == MountType.Volume))
            parts.VolumeMounts.ReleaseContainer(record.Id);
        StepPoints.Reach("container.cleanup.unmounted");
        var persist = parts.Paths.PersistDirectory(record.Id);
        ExitFiles.Remove(parts.Paths.ExitDirectory, persist, parts.Storage.RunDirectory(record.Id), record.Id);
        Files.TryRemoveDirectory(Files.Absolute, persist);
    }

    private ContainerRecord? Complete(ContainerRecord record)
    {
        if (!record.Config.Spec.AutoRemove || record.Checkpointed is not null)
            return Awaited(parts.Containers.Commit(Ended(record) with { State = ContainerState.Exited }, "cleanup", record.NextStart is null ? "cleanup" : null));
        return RemoveAtEnd(record);
    }

    /// <summary>Removes a container that has ended and is one of --rm. Its end is the beginning of its removal: one transition, of which only the removal
    /// is told, as under podman.</summary>
    /// <returns>null, always: the container is gone.</returns>
    public ContainerRecord? RemoveAtEnd(ContainerRecord record)
    {
        Remove(parts.Containers.Commit(Ended(record) with { State = ContainerState.Removing, Intent = Intent.Remove }, "cleanup"), volumes: true);
        if (record.Config.Spec.RemoveImage)
            RemoveImage(record.Config.ImageName);
        return null;
    }

    // A courtesy at the end: an image that another container uses stays, and nobody is told.
    private void RemoveImage(string name)
    {
        try
        {
            parts.Images.RemoveAsync(name, force: false, keepParents: false, (_, _) => Task.CompletedTask, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (ContainerEngineException)
        {
            // In use, or gone already.
        }
    }

    /// <summary>Has the helper wait for the record's next start, if there is to be one.</summary>
    private ContainerRecord Awaited(ContainerRecord record)
    {
        if (record.NextStart is not null)
            parts.SupervisorProcess.Wake();
        return record;
    }

    private static ContainerRecord Ended(ContainerRecord record) => record with
    {
        Intent = null,
        Pid = 0,
        PidStart = 0,
        ConmonPid = 0,
        ConmonStart = 0,
        Run = record.Run is { } run ? run with { RootPath = "", NetnsPath = "", NetworkRequest = null, FormerNetworkRequest = null, NetworkStatus = [] } : null,
    };
}

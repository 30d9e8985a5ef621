using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Brings a record in line with the truth: finishes or undoes what a killed process began, notices ended processes and reboots.</summary>
internal sealed class ContainerSettler(EngineParts parts)
{
    /// <summary>Whether the record may not tell the truth; cheap, for lists.</summary>
    public bool NeedsSettling(ContainerRecord record) =>
        record.Intent is not null
        || (record.NextStart is not null && record.Boot != parts.Host.BootId)
        || (record.HasRun && (record.Boot != parts.Host.BootId || record.State == ContainerState.Stopped || !Processes.Exists(record.Pid)));

    /// <summary>Takes the container's lock and returns the truth with it.</summary>
    /// <exception cref="ContainerEngineException">NotFound when there is no such container (any more).</exception>
    public (FileLock Lock, ContainerRecord Record) Acquire(string nameOrId, CancellationToken cancellationToken)
    {
        var id = parts.Containers.Resolve(nameOrId);
        var held = parts.Containers.Lock(id, cancellationToken);
        try
        {
            var found = parts.Containers.FindLocked(id);
            var record = (found is null ? null : Settle(found)) ?? throw EngineErrors.ContainerNotFound(nameOrId);
            return (held, record);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Settles if nobody is working on the container; otherwise returns the record as it stands. null: it is gone.</summary>
    public ContainerRecord? TrySettle(ContainerRecord record)
    {
        using var held = parts.Containers.TryLock(record.Id);
        if (held is null)
            return record;
        try
        {
            return parts.Containers.FindLocked(record.Id) is { } current ? Settle(current) : null;
        }
        catch (Exception e) when (e is ContainerEngineException or IOException or UnauthorizedAccessException)
        {
            // One container that can't be put in order must not hide the others; what is done with it itself says why.
            return record;
        }
    }

    /// <summary>The truth about a container whose lock is held; null when it turns out to be gone.</summary>
    public ContainerRecord? Settle(ContainerRecord record)
    {
        if (Intent.IsCreation(record.Intent))
        {
            parts.Takedown.UndoCreation(record);
            return null;
        }
        if (record.Intent == Intent.Rename)
            record = parts.Renamer.Settle(record);
        if (Intent.IsRemoval(record.Intent))
            return parts.Takedown.Remove(record, volumes: false);
        if (record.Boot != parts.Host.BootId && (record.HasRun || record.Intent is not null || record.NextStart is not null))
            return parts.Takedown.AfterReboot(record);
        return record.Intent switch
        {
            Intent.Init => parts.Takedown.UndoInitialization(record, "its set-up was interrupted"),
            Intent.Cleanup => parts.Takedown.Resume(record),
            Intent.Update => SettleUpdate(record),
            _ => record.HasRun ? SettleRun(record) : record,
        };
    }

    private ContainerRecord? SettleUpdate(ContainerRecord record)
    {
        record = parts.Updater.Settle(record);
        return record.HasRun ? SettleRun(record) : record;
    }

    private ContainerRecord? SettleRun(ContainerRecord record)
    {
        if (record.Intent is Intent.Checkpoint or Intent.Dump)
            return parts.Checkpointer.Settle(record);
        if (!ProcessTable.IsAlive(record.Pid, record.PidStart))
            return parts.Takedown.Finish(record);
        if (record.Intent == Intent.Start)
            return SettleStart(record);
        if (record.Intent is Intent.Pause or Intent.Resume)
            return parts.Freezer.Settle(record);
        if (record.Intent == Intent.Network)
            return parts.ContainerNetworks.Settle(record);
        if (record.Intent == Intent.Hold)
            return parts.Freezer.LetGo(record);
        // A stop whose caller was killed or gave up: the process has outlived the signal, so it runs. One whose caller still waits is
        // shown so too, once somebody looks; its own end is seen all the same.
        return record.State == ContainerState.Stopping
            ? parts.Containers.Commit(record with { State = ContainerState.Running }, "stop-outlived")
            : record;
    }

    private ContainerRecord SettleStart(ContainerRecord record) => parts.RuntimeOf(record.Config).State(record.Id)?.Status == "created"
        ? parts.Containers.Commit(record with { Intent = null, State = ContainerState.Initialized }, "start-undo")
        : parts.Starter.Checked(parts.Containers.Commit(record with { Intent = null, State = ContainerState.Running, Started = DateTimeOffset.UtcNow, NextStart = null },
            "start-found", "start"));
}

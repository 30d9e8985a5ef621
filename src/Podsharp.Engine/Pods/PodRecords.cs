using Podsharp.Engine.Events;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>The pods' records and locks, and the one place where a pod's transition is committed.</summary>
internal sealed class PodRecords(StateDatabase database, EnginePaths paths, IEventLog events)
{
    /// <summary>Resolves a name, id or prefix.</summary>
    /// <exception cref="ContainerEngineException">NotFound or Ambiguous.</exception>
    public string Resolve(string nameOrId) =>
        database.Exists ? database.Read(connection => PodTable.Resolve(connection, nameOrId)) : throw EngineErrors.PodNotFound(nameOrId);

    /// <summary>The id of the pod with exactly this name, or null.</summary>
    public string? FindByName(string name) => database.Exists ? database.Read(connection => PodTable.FindIdByName(connection, null, name)) : null;

    /// <summary>The record as it stands, or null.</summary>
    public PodRecord? Find(string id) => database.Exists ? database.Read(connection => PodTable.Find(connection, id)) : null;

    /// <summary>All records, oldest first.</summary>
    public IReadOnlyList<PodRecord> List() => database.Exists ? database.Read(PodTable.List) : [];

    /// <summary>The pods with a step begun and not ended.</summary>
    public IReadOnlyList<PodRecord> Unsettled() => database.Exists ? database.Read(PodTable.Unsettled) : [];

    /// <summary>The names of all pods by id.</summary>
    public IReadOnlyDictionary<string, string> Names() => database.Read(PodTable.Names);

    /// <summary>A pod's name; empty where the pod is gone.</summary>
    public string NameOf(string id) => database.Read(connection => PodTable.NameOf(connection, id)) ?? "";

    /// <summary>The ids of a pod's containers, oldest first.</summary>
    public IReadOnlyList<string> Members(string id) => database.Read(connection => PodTable.Members(connection, id));

    /// <summary>Waits for the pod's lock. Order: pod, containers by id, volumes, networks; never with a storage lock held.</summary>
    public FileLock Lock(string id, CancellationToken cancellationToken)
    {
        PrivateDirectory.Ensure(paths.LockDirectory);
        return FileLock.Acquire(LockPath(id), LockMode.Exclusive, cancellationToken, fileMode: 0x180);
    }

    /// <summary>Takes the pod's lock if nobody holds it.</summary>
    public FileLock? TryLock(string id)
    {
        PrivateDirectory.Ensure(paths.LockDirectory);
        return FileLock.TryAcquire(LockPath(id), LockMode.Exclusive, fileMode: 0x180);
    }

    /// <summary>The record of a pod whose lock the caller holds; null where the pod has gone. Then the lock's file goes, too.</summary>
    public PodRecord? FindLocked(string id)
    {
        var record = Find(id);
        if (record is null)
            _ = Files.TryRemove(LockPath(id));
        return record;
    }

    /// <summary>Adds a pod in the intent of its creation; the name is taken from here on.</summary>
    public void Insert(PodRecord record, CancellationToken cancellationToken)
    {
        // Not synced: the end of the creation syncs the log, and this with it.
        database.Write(Durability.Boot, (connection, transaction) => PodTable.Insert(connection, transaction, record), cancellationToken);
        StepPoints.Reach("pod.create.begin");
    }

    /// <summary>Commits a transition, then writes its event. The caller holds the pod's lock.</summary>
    /// <param name="record">The record as it is from now on.</param>
    /// <param name="step">The step's name, for the step points <c>pod.STEP.before</c>, <c>.committed</c> and <c>.logged</c>.</param>
    /// <param name="status">podman's word for the event; null for a transition without one.</param>
    public PodRecord Commit(PodRecord record, string step, string? status = null)
    {
        StepPoints.Reach($"pod.{step}.before");
        database.Write(Durability.Power, (connection, transaction) =>
        {
            if (!PodTable.Update(connection, transaction, record))
                throw EngineErrors.PodNotFound(record.Id);
        });
        StepPoints.Reach($"pod.{step}.committed");
        if (status is not null)
            Log(record, status);
        StepPoints.Reach($"pod.{step}.logged");
        return record;
    }

    /// <summary>Deletes the record: the end of a removal, or of a creation that is undone.</summary>
    public void Delete(PodRecord record, string? status)
    {
        StepPoints.Reach("pod.remove.before");
        database.Write(Durability.Power, (connection, transaction) => PodTable.Delete(connection, transaction, record.Id));
        StepPoints.Reach("pod.remove.committed");
        if (status is not null)
            Log(record, status);
        File.Delete(LockPath(record.Id));
    }

    /// <summary>Writes an event of a pod.</summary>
    public void Log(PodRecord record, string status) => events.Append(new()
    {
        Type = "pod",
        Status = status,
        Time = DateTimeOffset.UtcNow,
        Id = record.Id,
        Name = record.Name,
    });

    private string LockPath(string id) => Path.Combine(paths.LockDirectory, "pod-" + id);
}

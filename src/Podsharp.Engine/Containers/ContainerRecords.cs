using Podsharp.Engine.Events;
using Podsharp.Engine.Health;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>The containers' records and locks, and the one place where a life-cycle transition is committed.</summary>
internal sealed class ContainerRecords(StateDatabase database, EnginePaths paths, IEventLog events, SupervisorProcess supervisor)
{
    private const string LockPrefix = "container-";

    private readonly Lock _gate = new();
    private Dictionary<string, ContainerRecord> _known = [];

    /// <summary>The database, for what isn't a container's row.</summary>
    public StateDatabase Database => database;

    /// <summary>Resolves a name, id or prefix.</summary>
    /// <exception cref="ContainerEngineException">NotFound or Ambiguous.</exception>
    public string Resolve(string nameOrId)
    {
        supervisor.Revive();
        return database.Exists ? database.Read(connection => ContainerTable.Resolve(connection, nameOrId)) : throw EngineErrors.ContainerNotFound(nameOrId);
    }

    /// <summary>The id of the container with exactly this name, or null.</summary>
    public string? FindByName(string name) => database.Exists ? database.Read(connection => ContainerTable.FindIdByName(connection, null, name)) : null;

    /// <summary>The record as it stands, or null.</summary>
    public ContainerRecord? Find(string id) => database.Exists ? database.Read(connection => ContainerTable.Find(connection, id)) : null;

    /// <summary>The record as it stands.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    public ContainerRecord Get(string id) => Find(id) ?? throw EngineErrors.ContainerNotFound(id);

    /// <summary>All records, oldest first.</summary>
    public IReadOnlyList<ContainerRecord> List()
    {
        supervisor.Revive();
        if (!database.Exists)
            return [];
        var known = _known;
        var rows = database.Read(connection => ContainerTable.List(connection, known));
        // Parsed configurations are kept for as long as their container lives; an update gives them another revision.
        lock (_gate)
            _known = rows.ToDictionary(row => row.Id);
        return rows;
    }

    /// <summary>The containers for which the helper has something to do, soonest first.</summary>
    /// <param name="checks">How many health checks among them at most: there may be thousands.</param>
    public IReadOnlyList<WaitingContainer> Waiting(int checks) => database.Exists ? database.Read(connection => ContainerTable.Waiting(connection, checks)) : [];

    /// <summary>The containers whose last run began with a restore.</summary>
    public IEnumerable<ContainerRecord> Restored() => database.Exists ? database.Read(ContainerTable.Restored).Select(Find).OfType<ContainerRecord>() : [];

    /// <summary>The ids of the containers that require one.</summary>
    public IReadOnlyList<string> Dependents(string id) => database.Read(connection => DependencyTable.Dependents(connection, null, id));

    /// <summary>Waits for the container's lock. Order: pod, containers by id, volumes, networks; never with a storage lock held.</summary>
    public FileLock Lock(string id, CancellationToken cancellationToken)
    {
        PrivateDirectory.Ensure(paths.LockDirectory);
        return FileLock.Acquire(LockPath(id), LockMode.Exclusive, cancellationToken, fileMode: 0x180);
    }

    /// <summary>Takes the container's lock if nobody holds it.</summary>
    public FileLock? TryLock(string id)
    {
        PrivateDirectory.Ensure(paths.LockDirectory);
        return FileLock.TryAcquire(LockPath(id), LockMode.Exclusive, fileMode: 0x180);
    }

    /// <summary>The record of a container whose lock the caller holds; null where the container has gone. Then the lock's file goes, too: who
    /// waits for the lock of a container that is being removed makes it anew.</summary>
    public ContainerRecord? FindLocked(string id)
    {
        var record = Find(id);
        if (record is null)
            _ = Files.TryRemove(LockPath(id));
        return record;
    }

    /// <summary>Whether nobody is at work on a container and it has no run now; one that isn't there is idle. No lock file is made.</summary>
    public bool IsIdle(string id)
    {
        try
        {
            using var held = File.Exists(LockPath(id)) ? FileLock.TryAcquire(LockPath(id), LockMode.Exclusive, create: false) : null;
            return (held is not null || !File.Exists(LockPath(id))) && Find(id) is null or { HasRun: false, Intent: null };
        }
        catch (LinuxException error) when (error.Errno == Errno.NoEntry)
        {
            return Find(id) is null;
        }
    }

    /// <summary>Ids of the containers that have a lock file.</summary>
    public IReadOnlyList<string> LockedIds() => [.. Files.ReadDirectory(paths.LockDirectory)
        .Select(entry => System.Text.Encoding.UTF8.GetString(entry.Name)).Where(name => name.StartsWith(LockPrefix, StringComparison.Ordinal))
        .Select(name => name[LockPrefix.Length..])];

    /// <summary>Removes the lock file of a container that is gone, unless somebody holds it.</summary>
    public void RemoveLock(string id)
    {
        using var held = FileLock.TryAcquire(LockPath(id), LockMode.Exclusive);
        if (held is not null && Find(id) is null)
            _ = Files.TryRemove(LockPath(id));
    }

    /// <summary>Adds a container in the intent of its creation; the name is taken from here on.</summary>
    public void Insert(ContainerRecord record, CancellationToken cancellationToken)
    {
        // Not synced: the end of the creation syncs the log, and this with it.
        database.Write(Durability.Boot, (connection, transaction) =>
        {
            ContainerTable.Insert(connection, transaction, record);
            if (DependencyTable.Insert(connection, transaction, record.Id, record.Config.Spec.Requires.Select(requirement => requirement.Container)) is { } gone)
                throw EngineErrors.ContainerNotFound(gone);
        }, cancellationToken);
        StepPoints.Reach("container.create.begin");
    }

    /// <summary>Commits a transition, then writes its event. The caller holds the container's lock.</summary>
    /// <param name="record">The record as it is from now on.</param>
    /// <param name="step">The step's name, for the step points <c>container.STEP.before</c>, <c>.committed</c> and <c>.logged</c>.</param>
    /// <param name="status">podman's word for the event; null for a transition without one.</param>
    /// <param name="exitCode">For the event.</param>
    public ContainerRecord Commit(ContainerRecord record, string step, string? status = null, int? exitCode = null)
    {
        StepPoints.Reach($"container.{step}.before");
        var isChecked = record.Config.Health.IsChecked();
        // A checkpoint that lets the container run on changes nothing.
        var hasBegun = status is "start" or "restore";
        var hasEnded = status == "died" || (status == "checkpoint" && record.Pid == 0);
        if (isChecked && hasBegun)
            record = record with { Health = HealthRules.Begin(record.Config.Health, DateTimeOffset.UtcNow) };
        if (record.NextStart is not null || (isChecked && record.Health?.NextCheck is not null))
            supervisor.Announce();
        database.Write(status == "create" ? DurabilityOf(record) : Durability.Boot, (connection, transaction) =>
        {
            if (!ContainerTable.Update(connection, transaction, record))
                throw EngineErrors.ContainerNotFound(record.Id);
            // Looked at in the transaction that keeps a new container from requiring this one.
            if (step == "remove-begin" && DependencyTable.Dependents(connection, transaction, record.Id) is { Count: > 0 } dependents)
                throw EngineErrors.ContainerRequired(record.Id, record.Name, dependents);
            if (status == "died")
                ExitCodeTable.Record(connection, transaction, record.Id, exitCode ?? -1);
            if (isChecked && hasBegun)
                HealthTable.Put(connection, transaction, record.Id, record.Health!);
            else if (isChecked && hasEnded)
                HealthTable.Schedule(connection, transaction, record.Id, null);
        });
        StepPoints.Reach($"container.{step}.committed");
        // The helper waits for its next check: there may be none left to wait for.
        if (isChecked && hasEnded)
            supervisor.Tell();
        if (status is not null)
            Log(record, status, exitCode);
        StepPoints.Reach($"container.{step}.logged");
        return record;
    }

    /// <summary>Commits a changed configuration, and the record with it. The caller holds the container's lock.</summary>
    public ContainerRecord CommitConfig(ContainerRecord record, string step)
    {
        StepPoints.Reach($"container.{step}.before");
        record = record with { Revision = record.Revision + 1 };
        database.Write(DurabilityOf(record), (connection, transaction) =>
        {
            if (!ContainerTable.Update(connection, transaction, record))
                throw EngineErrors.ContainerNotFound(record.Id);
            ContainerTable.UpdateConfig(connection, transaction, record.Config);
        });
        StepPoints.Reach($"container.{step}.committed");
        return record;
    }

    /// <summary>Deletes the record: the end of a removal.</summary>
    public void Delete(ContainerRecord record, string? status)
    {
        StepPoints.Reach("container.remove.before");
        database.Write(DurabilityOf(record), (connection, transaction) => ContainerTable.Delete(connection, transaction, record.Id));
        StepPoints.Reach("container.remove.committed");
        if (status is not null)
            Log(record, status, record.ExitCode);
        File.Delete(LockPath(record.Id));
    }

    /// <summary>Writes an event of a container.</summary>
    /// <param name="record">The container.</param>
    /// <param name="status">podman's word.</param>
    /// <param name="exitCode">With the words that have one.</param>
    /// <param name="more">Adds further facts.</param>
    public void Log(ContainerRecord record, string status, int? exitCode, Func<EngineEvent, EngineEvent>? more = null)
    {
        if (!Build.BuildContainers.IsOfBuild(record.Config))
            events.Append(Event(record, status, exitCode, more));
    }

    private static EngineEvent Event(ContainerRecord record, string status, int? exitCode, Func<EngineEvent, EngineEvent>? more) => (more ?? (happened => happened))(new()
    {
        Type = "container",
        Status = status,
        Time = DateTimeOffset.UtcNow,
        Id = record.Id,
        Name = record.Name,
        Image = record.Config.ImageName,
        ExitCode = exitCode,
        OomKilled = status == "died" && record.OomKilled,
        PodId = record.Config.PodId,
        Attributes = record.Config.Labels,
    });

    // A container with --rm, or of a build, is gone after a power cut anyway.
    private static Durability DurabilityOf(ContainerRecord record) => Build.BuildContainers.IsShortLived(record.Config) ? Durability.Boot : Durability.Power;

    private string LockPath(string id) => Path.Combine(paths.LockDirectory, LockPrefix + id);
}

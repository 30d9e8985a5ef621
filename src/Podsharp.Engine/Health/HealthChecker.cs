using System.Text;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Health;

/// <summary>Checks containers' health, keeps what was found, and does what follows from it.</summary>
internal sealed class HealthChecker(EngineParts parts)
{
    private readonly HealthProbe _probe = new(parts);

    /// <summary>Runs a container's check now.</summary>
    /// <exception cref="ContainerEngineException">InvalidState: it doesn't run, or has no health check.</exception>
    public HealthCheckResult Check(string nameOrId, CancellationToken cancellationToken)
    {
        var record = Running(nameOrId, cancellationToken);
        return Check(record, cancellationToken) ?? throw NotRunning(record);
    }

    /// <summary>Runs a check that is due. A container that doesn't run any more isn't checked any more; a paused one later.</summary>
    public void CheckDue(string id, CancellationToken cancellationToken)
    {
        if (FindDue(id, cancellationToken) is { } record)
            Check(record, cancellationToken);
    }

    private ContainerRecord? FindDue(string id, CancellationToken cancellationToken)
    {
        using var held = parts.Containers.Lock(id, cancellationToken);
        if (parts.Containers.FindLocked(id) is not { } found || !found.Config.Health.IsChecked())
        {
            // A version that knows no health checks has removed the container, and not the row.
            Forget(id);
            return null;
        }
        if (parts.Settler.Settle(found) is not { Health: { NextCheck: { } due } health } record || due > DateTimeOffset.UtcNow)
            return null;
        if (record.State == ContainerState.Running)
            return record;
        Schedule(id, record.HasRun ? HealthRules.Next(health, record.Config.Health, Started(record), DateTimeOffset.UtcNow) : null);
        return null;
    }

    /// <summary>Forgets what is known of a container's health.</summary>
    public void Forget(string id) => parts.Database.Write(Durability.Boot, (connection, transaction) => HealthTable.Delete(connection, transaction, id));

    /// <summary>Says when a container is checked next; null for not any more.</summary>
    private void Schedule(string id, DateTimeOffset? next) =>
        parts.Database.Write(Durability.Boot, (connection, transaction) => HealthTable.Schedule(connection, transaction, id, next));

    /// <summary>What inspect shows: the status of the row, the checks of the file.</summary>
    public ContainerHealth? Read(ContainerRecord record) => !record.Config.Health.IsChecked() ? null : record.Health is not { } health ? new() : new()
    {
        Status = health.Status,
        FailingStreak = health.FailingStreak,
        Log = LogOf(record).Read(),
    };

    /// <summary>The log of the run before goes when a container is started.</summary>
    public void BeginLog(ContainerRecord record) => LogOf(record).Write(new() { Status = HealthStatus.Starting });

    /// <summary>Puts changed checks into effect. The caller holds the container's lock.</summary>
    /// <param name="record">With the configuration as it is now.</param>
    /// <param name="before">The checks as they were.</param>
    public ContainerRecord Apply(ContainerRecord record, ContainerHealthConfig before)
    {
        var config = record.Config.Health;
        var row = parts.Database.Read(connection => HealthTable.Find(connection, record.Id));
        if (!config.IsChecked())
        {
            if (row is not null)
                Forget(record.Id);
            parts.SupervisorProcess.Tell();
            return record with { Health = null };
        }
        if (record.State is not (ContainerState.Running or ContainerState.Paused))
            return record with { Health = row };
        var now = DateTimeOffset.UtcNow;
        if (row is null || !IsSame(config.Check, before.Check) || !IsSame(config.Startup, before.Startup))
        {
            BeginLog(record);
            row = HealthRules.Begin(config, now);
        }
        else
            row = row with { NextCheck = HealthRules.Next(row, config, Started(record), now) };
        parts.SupervisorProcess.Announce();
        Write(record, row);
        return parts.Starter.Checked(record with { Health = row });
    }

    private static bool IsSame(HealthCheck? check, HealthCheck? other) => (check?.Test ?? []).SequenceEqual(other?.Test ?? [], StringComparer.Ordinal);

    /// <summary>The result; null where the container's run has ended before its check has told anything.</summary>
    private HealthCheckResult? Check(ContainerRecord record, CancellationToken cancellationToken)
    {
        var config = record.Config.Health;
        var startup = record.Health is { StartupPassed: false };
        var check = HealthRules.Current(config, startup);
        var probe = _probe.Run(record, check, config.MaximumLogSize, cancellationToken);
        StepPoints.Reach("health.check.probed");
        var (current, health) = Note(record, probe);
        if (current is null || health is null)
            return null;
        Act(current, health, startup);
        return new()
        {
            ContainerId = record.Id,
            Name = current.Name,
            Passed = probe.Passed,
            IsStartup = startup,
            TimedOut = probe.TimedOut ? check.Timeout : null,
            Status = health.Status,
            FailingStreak = health.FailingStreak,
            Start = probe.Start,
            Duration = probe.End - probe.Start,
            Output = probe.Output,
        };
    }

    /// <summary>Keeps what a check told of a run, if that goes on. Under the container's lock, so that no start, end or update comes in between.</summary>
    private (ContainerRecord? Record, HealthRecord? Health) Note(ContainerRecord before, ProbeOutcome probe)
    {
        using var held = parts.Containers.Lock(before.Id, CancellationToken.None);
        if (parts.Containers.FindLocked(before.Id) is not { } found || parts.Settler.Settle(found) is not { Health: { } health } record)
            return (null, null);
        if (record.Pid != before.Pid || record.PidStart != before.PidStart || record.State is not (ContainerState.Running or ContainerState.Paused))
        {
            // Its end has ended the check: that tells nothing about its health before.
            if (!probe.Passed && !record.HasRun)
                Write(record, health with { Status = HealthStatus.Stopped, NextCheck = null });
            return (null, null);
        }
        var config = record.Config.Health;
        if (!config.IsChecked())
            return (null, null);
        var after = HealthRules.After(health, config, probe.Passed, probe.Start, Started(record), DateTimeOffset.UtcNow);
        var entry = new HealthLogEntry(probe.Start, probe.End, probe.Passed ? 0 : probe.TimedOut ? 125 : 1, probe.Output);
        Keep(record, after, entry);
        StepPoints.Reach("health.check.logged");
        Write(record, after);
        StepPoints.Reach("health.check.committed");
        Log(record, after, entry);
        return (record, after);
    }

    private void Keep(ContainerRecord record, HealthRecord health, HealthLogEntry entry)
    {
        var file = LogOf(record);
        IReadOnlyList<HealthLogEntry> log = [.. file.Read(), entry];
        var most = record.Config.Health.MaximumLogCount;
        file.Write(new()
        {
            Status = health.Status,
            FailingStreak = health.FailingStreak,
            Log = most > 0 && log.Count > most ? [.. log.Skip(log.Count - most)] : log,
        });
    }

    private void Write(ContainerRecord record, HealthRecord health) =>
        parts.Database.Write(Durability.Boot, (connection, transaction) => HealthTable.Put(connection, transaction, record.Id, health));

    private void Log(ContainerRecord record, HealthRecord health, HealthLogEntry entry)
    {
        if (!parts.Conf.Engine.HealthCheckEvents)
            return;
        parts.Containers.Log(record, "health_status", null, happened => happened with
        {
            HealthStatus = HealthLog.Word(health.Status),
            HealthFailingStreak = health.FailingStreak,
            HealthLog = record.Config.Health.LogDestination == "events_logger" ? Encoding.UTF8.GetString(HealthLog.Format(entry)) : "",
        });
    }

    /// <summary>What is done with a container that is unhealthy, or doesn't come up. A check that finds it so again does it again: where this
    /// process is killed before, the next one does it.</summary>
    private void Act(ContainerRecord record, HealthRecord health, bool startup)
    {
        try
        {
            if (health.RestartWanted)
                parts.Stopper.Stop(record.Id, new StopOptions { KeepForBoot = true }, CancellationToken.None);
            else if (startup || health.Status != HealthStatus.Unhealthy)
                return;
            else if (record.Config.Health.OnFailure == HealthAction.Kill)
                parts.Stopper.Kill(record.Id, "KILL", CancellationToken.None);
            else if (record.Config.Health.OnFailure == HealthAction.Stop)
                parts.Stopper.Stop(record.Id, new StopOptions(), CancellationToken.None);
        }
        catch (ContainerEngineException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.InvalidState)
        {
            // It has ended meanwhile.
        }
    }

    private ContainerRecord Running(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            if (record.State != ContainerState.Running)
                throw NotRunning(record);
            if (!record.Config.Health.IsChecked() || record.Health is null)
                throw EngineErrors.InvalidState(record.Id, $"container {record.Id} has no defined healthcheck", "give it one: podsharp update --health-cmd");
            return record;
        }
    }

    private static ContainerEngineException NotRunning(ContainerRecord record) =>
        EngineErrors.InvalidState(record.Id, $"container {record.Id} is not running", "start it first");

    private static DateTimeOffset Started(ContainerRecord record) => record.Started ?? record.Created;

    private HealthLog LogOf(ContainerRecord record) => HealthLog.For(record.Config.Health.LogDestination, parts.Storage.RunDirectory(record.Id), record.Id);
}

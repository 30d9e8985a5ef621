using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Stops, signals and waits.</summary>
internal sealed class ContainerStopper(EngineParts parts)
{
    private const int SigKill = 9;

    // What a user sends to end a container: it stays so. Others (a HUP that has it read its configuration) don't end the restarts.
    private static readonly int[] EndingSignals = [2 /* INT */, 3 /* QUIT */, 6 /* ABRT */, SigKill, 15 /* TERM */];
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Stop signal, wait, SIGKILL, take-down. One that doesn't run is left alone.</summary>
    public Container Stop(string nameOrId, StopOptions options, CancellationToken cancellationToken)
    {
        var timeout = options.Timeout;
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            if (!record.HasRun)
                return parts.Lister.ToModel(record.NextStart is null ? record : EndRestarts(record, options), lost: false);
            if (record.State == ContainerState.Initialized)
                return Ended(record, parts.Takedown.Finish(KillNow(RestartSchedule.Off(record) with { StoppedByUser = !options.KeepForBoot })));
            var paused = record.State == ContainerState.Paused;
            if (paused)
            {
                // The signal waits for it, so that it does nothing before it.
                Signal(record, timeout == 0 ? SigKill : record.Config.StopSignal);
                record = parts.Freezer.Release(record);
            }
            if (timeout == 0)
                return Ended(record, parts.Takedown.Finish(KillNow(parts.Containers.Commit(Asked(record, options), "stop", "stop"))));
            record = parts.Containers.Commit(Asked(record, options), "stop", "stop");
            if (!paused)
                Signal(record, record.Config.StopSignal);
        }
        // Not under the lock: others may look at the container, kill it or wait for it too.
        WaitOrKill(record, timeout ?? record.Config.StopTimeout, cancellationToken);
        using (parts.Containers.Lock(record.Id, CancellationToken.None))
        {
            var current = parts.Containers.FindLocked(record.Id);
            return Ended(record, current is null ? null : parts.Settler.Settle(current));
        }
    }

    /// <summary>Asks a running container to end, and doesn't wait for that: its exit command takes it down.</summary>
    public void Ask(string id)
    {
        using var held = parts.Containers.Lock(id, CancellationToken.None);
        if (parts.Containers.FindLocked(id) is not { } found || parts.Settler.Settle(found) is not { State: ContainerState.Running or ContainerState.Paused } record)
            return;
        if (record.State == ContainerState.Paused)
            record = parts.Freezer.Release(record);
        record = parts.Containers.Commit(Asked(record, new()), "stop", "stop");
        Signal(record, record.Config.StopSignal);
    }

    /// <summary>Sends a signal to the container's process.</summary>
    public void Kill(string nameOrId, string signal, CancellationToken cancellationToken)
    {
        if (!Signals.TryParse(signal, out var number))
            throw EngineErrors.InvalidArgument($"\"{signal}\" is not a signal", signal, "use a name such as TERM or SIGHUP, or a number from 1 to 64");
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            var ends = number == record.Config.StopSignal || Array.IndexOf(EndingSignals, number) >= 0;
            if (record.NextStart is not null && !record.HasRun && ends)
            {
                EndRestarts(record, new());
                return;
            }
            if (record.State is not (ContainerState.Running or ContainerState.Paused or ContainerState.Stopping))
                throw EngineErrors.InvalidState(record.Id, $"can't send a signal to container {record.Name}: it is {Word(record.State)}, not running");
            // Before the signal: whoever finds its end must know that a user wanted it.
            if (ends)
                record = parts.Containers.Commit(record with { StoppedByUser = true }, "kill");
            Signal(record, number);
            parts.Containers.Log(record, "kill", null);
            // Other signals wait until it is resumed.
            if (number == SigKill && record.State == ContainerState.Paused)
                parts.Freezer.Release(record);
        }
    }

    /// <summary>Waits until a condition holds. Whoever waits for an end also takes the container down: waiting for conmon's exit command
    /// to do it would only add a process start.</summary>
    public ContainerExit Wait(string nameOrId, IReadOnlyList<WaitCondition> conditions, CancellationToken cancellationToken)
    {
        // Whoever has just started it may come later than the exit command, which removed it: its exit code is known for a while.
        if (ContainerNames.IsId(nameOrId) && parts.Containers.Find(nameOrId) is null && ExitCodeOf(nameOrId) is { } code)
            return new(nameOrId, nameOrId, code, ContainerState.Removing);
        var id = parts.Containers.Resolve(nameOrId);
        var name = nameOrId;
        ContainerRecord? ended = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (parts.Containers.Find(id) is not { } record)
                return Gone(id, name, conditions);
            name = record.Name;
            // Its end was waited for, and its restart policy was quicker than this look.
            if (ended is not null && record.Pid != ended.Pid && (record.ExitCode is null || record.State is not (ContainerState.Exited or ContainerState.Stopped)))
                return new(id, name, ExitCodeOf(id) ?? -1, ContainerState.Exited);
            if (parts.Settler.NeedsSettling(record) && parts.Settler.TrySettle(record) is var settled && settled != record)
            {
                if (settled is null)
                    continue;
                record = settled;
            }
            // Another process is taking it down: what follows the wait (rm, inspect, start) shall find that done.
            if (record.State == ContainerState.Stopped)
            {
                SettleUnderLock(id, cancellationToken);
                if (parts.Containers.Find(id) is not { } current)
                    continue;
                record = current;
            }
            CheckHealthConditions(record, conditions);
            if (Holds(record, conditions))
                return new(id, name, CodeOf(record, conditions), record.State);
            ended = AwaitChange(record, conditions, cancellationToken) ? record : null;
        }
    }

    /// <summary>Refuses to wait for what can't come.</summary>
    private static void CheckHealthConditions(ContainerRecord record, IReadOnlyList<WaitCondition> conditions)
    {
        foreach (var condition in conditions)
            if (condition is WaitCondition.Healthy or WaitCondition.Unhealthy && !record.Config.Health.IsChecked())
                throw EngineErrors.InvalidState(record.Id, $"cannot use condition \"{condition.ToString().ToLowerInvariant()}\": container {record.Id} has no healthcheck",
                    "give it one (--health-cmd), or wait for running");
        if (conditions.All(condition => condition is WaitCondition.Healthy or WaitCondition.Unhealthy) && record is { State: ContainerState.Exited, NextStart: null, Intent: null })
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} has ended (exit code {record.ExitCode ?? -1}) and was not {Words(conditions)} before",
                $"see what it wrote: podsharp logs {record.Name}");
    }

    private static string Words(IReadOnlyList<WaitCondition> conditions) => string.Join(" or ", conditions).ToLowerInvariant();

    // As podman: one that was never started counts as ended well where its end is waited for.
    private static int CodeOf(ContainerRecord record, IReadOnlyList<WaitCondition> conditions) => record.State switch
    {
        ContainerState.Exited or ContainerState.Stopped => record.ExitCode ?? -1,
        ContainerState.Created when conditions.Contains(WaitCondition.Stopped) => 0,
        _ => -1,
    };

    private static bool Holds(ContainerRecord record, IReadOnlyList<WaitCondition> conditions)
    {
        foreach (var condition in conditions)
        {
            var holds = condition switch
            {
                WaitCondition.Running => record.State == ContainerState.Running,
                WaitCondition.Stopped => record.State is ContainerState.Exited or ContainerState.Stopped
                    || (record.State == ContainerState.Created && record.Intent is null),
                WaitCondition.Created => record.State == ContainerState.Created,
                WaitCondition.Initialized => record.State == ContainerState.Initialized,
                WaitCondition.Paused => record.State == ContainerState.Paused,
                WaitCondition.Stopping => record.State == ContainerState.Stopping,
                WaitCondition.Removing => record.State == ContainerState.Removing,
                WaitCondition.Healthy => record is { State: ContainerState.Running, Health.Status: HealthStatus.Healthy },
                WaitCondition.Unhealthy => record is { State: ContainerState.Running, Health.Status: HealthStatus.Unhealthy },
                WaitCondition.Unknown => record.State == ContainerState.Unknown,
                WaitCondition.Exited => record.State == ContainerState.Exited,
                _ => false,
            };
            if (holds)
                return true;
        }
        return false;
    }

    /// <summary>Waits until something may have changed; true where an end of the container was waited for and came.</summary>
    private bool AwaitChange(ContainerRecord record, IReadOnlyList<WaitCondition> conditions, CancellationToken cancellationToken)
    {
        var waitsForEnd = conditions.All(condition =>
            condition is WaitCondition.Stopped or WaitCondition.Exited or WaitCondition.Removing or WaitCondition.Removed);
        if (waitsForEnd && record.Pid > 0 && Pidfd.Open(record.Pid, record.PidStart) is { } process)
        {
            using (process)
                process.WaitForExit(null, cancellationToken);
            SettleUnderLock(record.Id, cancellationToken);
            return conditions.Any(condition => condition is WaitCondition.Stopped or WaitCondition.Exited);
        }
        cancellationToken.WaitHandle.WaitOne(Poll);
        return false;
    }

    private void SettleUnderLock(string id, CancellationToken cancellationToken)
    {
        if (parts.Containers.Find(id) is null)
            return;
        using var held = parts.Containers.Lock(id, cancellationToken);
        if (parts.Containers.FindLocked(id) is { } current)
            parts.Settler.Settle(current);
    }

    private int? ExitCodeOf(string id) => parts.Containers.Database is { Exists: true } database ? database.Read(connection => ExitCodeTable.Find(connection, id)) : null;

    private ContainerExit Gone(string id, string name, IReadOnlyList<WaitCondition> conditions)
    {
        var code = ExitCodeOf(id);
        return code is not null || conditions.Contains(WaitCondition.Removed) || conditions.Contains(WaitCondition.Removing)
            ? new(id, name, code ?? -1, ContainerState.Removing)
            : throw EngineErrors.ContainerNotFound(name);
    }

    private static ContainerRecord Asked(ContainerRecord record, StopOptions options) =>
        record with { State = ContainerState.Stopping, StoppedByUser = record.StoppedByUser || !options.KeepForBoot };

    /// <summary>A container that waits for its restart waits no longer.</summary>
    private ContainerRecord EndRestarts(ContainerRecord record, StopOptions options)
    {
        record = parts.Containers.Commit(RestartSchedule.Off(record) with { StoppedByUser = record.StoppedByUser || !options.KeepForBoot }, "stop", "stop");
        parts.SupervisorProcess.Tell();
        return record;
    }

    private static void WaitOrKill(ContainerRecord record, int timeout, CancellationToken cancellationToken)
    {
        using var process = Pidfd.Open(record.Pid, record.PidStart);
        if (process is null || process.WaitForExit(timeout < 0 ? null : TimeSpan.FromSeconds(timeout), cancellationToken))
            return;
        KillNow(record);
    }

    private static ContainerRecord KillNow(ContainerRecord record)
    {
        using var process = Pidfd.Open(record.Pid, record.PidStart);
        if (process is null)
            return record;
        process.Signal(SigKill);
        if (!process.WaitForExit(KillGrace, CancellationToken.None))
            throw new ContainerEngineException(ErrorKind.Timeout, "ContainerDidNotStop",
                $"container {record.Name} did not end within {KillGrace.TotalSeconds:0} seconds after SIGKILL", record.Id,
                "a process in uninterruptible sleep (a hung file system or device) can't be killed; try again later");
        return record;
    }

    /// <summary>The kernel's own call: starting the runtime to send a signal would take longer than the signal.</summary>
    private void Signal(ContainerRecord record, int signal)
    {
        using var process = Pidfd.Open(record.Pid, record.PidStart);
        if (process is null || process.Signal(signal))
            return;
        if (ProcessTable.IsAlive(record.Pid, record.PidStart))
            parts.RuntimeOf(record.Config).Kill(record.Id, signal, all: false);
    }

    private Container Ended(ContainerRecord before, ContainerRecord? after) => parts.Lister.ToModel(after ?? before with
    {
        State = ContainerState.Removing,
        Pid = 0,
    }, lost: false);

    private static string Word(ContainerState state) => state.ToString().ToLowerInvariant();
}

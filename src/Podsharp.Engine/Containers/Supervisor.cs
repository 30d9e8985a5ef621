using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>The helper process that waits for restarts and health checks, from inside. All it knows is in the state: killing it only delays.</summary>
internal sealed class Supervisor(EngineParts parts)
{
    private const int MostTurns = 500;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly int MostAtOnce = Math.Clamp(Environment.ProcessorCount * 2, 2, 8);

    // A check that takes long only waits: it must not keep others from their turn.
    private static readonly TimeSpan MostInTurn = TimeSpan.FromSeconds(1);
    private const int MostWaiting = 500;
    private const int LookAhead = 100;
    private const int StackSize = 256 << 10;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _atWork = [];
    private int _inTurn;
    private readonly Dictionary<string, DateTimeOffset> _notBefore = [];

    /// <summary>Starts and checks containers when their time has come, until none waits.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        using var held = TakeOver();
        if (held is null)
            return;
        do
        {
            using var bell = Listen();
            StepPoints.Reach("supervisor.listening");
            while (Serve(bell, cancellationToken))
            {
            }
            // Who committed before the bell went is found by the last look; who rings later finds no bell, and starts another helper.
            _ = Files.TryRemove(parts.SupervisorProcess.Bell);
        }
        while (parts.Containers.Waiting(checks: 1).Count > 0);
    }

    /// <summary>The lock; null where another helper is at work. One that is about to leave is waited for: it doesn't look again.</summary>
    private FileLock? TakeOver()
    {
        PrivateDirectory.Ensure(parts.Paths.TmpDirectory);
        for (var turn = 0; turn < MostTurns; turn++)
        {
            if (FileLock.TryAcquire(parts.SupervisorProcess.LockPath, LockMode.Exclusive, fileMode: 0x180) is { } held)
                return held;
            using var writer = Descriptors.OpenPipeWriter(parts.SupervisorProcess.Bell);
            if (writer is not null)
                return null;
            Thread.Sleep(Turn);
        }
        return null;
    }

    // Open for writing as well: the pipe then has no end, and work can ring too.
    private SafeFileHandle Listen()
    {
        parts.SupervisorProcess.Announce();
        return Files.Open(parts.SupervisorProcess.Bell, OpenFlags.ReadWrite | OpenFlags.NonBlocking);
    }

    /// <summary>Does what is due and waits for the next thing to happen; false when there is nothing left to do.</summary>
    private bool Serve(SafeFileHandle bell, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TimeSpan pause;
        lock (_gate)
        {
            // Those that are at work stand first in the list, too.
            var waiting = parts.Containers.Waiting(checks: LookAhead + _atWork.Count);
            if (waiting.Count == 0 && _atWork.Count == 0)
                return false;
            pause = BeginDue(waiting, bell, cancellationToken);
        }
        if (Descriptors.WaitReadable(bell.DangerousGetHandle().ToInt32(), (int)Math.Ceiling(pause.TotalMilliseconds)))
            Descriptors.Read(bell, stackalloc byte[512]);
        return true;
    }

    /// <summary>Begins what is due, and tells how long it is until the next is.</summary>
    private TimeSpan BeginDue(IReadOnlyList<WaitingContainer> waiting, SafeFileHandle bell, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        var pause = RestartSchedule.LongestDelay;
        foreach (var container in waiting)
        {
            if (_atWork.Contains(container.Id))
                continue;
            var due = _notBefore.TryGetValue(container.Id, out var time) && time > container.Time ? time : container.Time;
            var left = RestartSchedule.Until(due, now);
            if (left > TimeSpan.Zero)
                pause = left < pause ? left : pause;
            else if (_inTurn < MostAtOnce && _atWork.Count < MostWaiting)
                Begin(container, bell, cancellationToken);
        }
        return pause;
    }

    private void Begin(WaitingContainer container, SafeFileHandle bell, CancellationToken cancellationToken)
    {
        _atWork.Add(container.Id);
        _inTurn++;
        var turn = new SupervisorTurn(MostInTurn, () => EndTurn(bell));
        new Thread(() => Work(container, turn, bell, cancellationToken), StackSize) { IsBackground = true, Name = "podsharp " + (container.IsCheck ? "check" : "restart") }.Start();
    }

    private void EndTurn(SafeFileHandle bell)
    {
        lock (_gate)
            _inTurn--;
        Ring(bell);
    }

    private void Work(WaitingContainer container, SupervisorTurn turn, SafeFileHandle bell, CancellationToken cancellationToken)
    {
        var id = container.Id;
        DateTimeOffset? again = null;
        try
        {
            if (container.IsCheck)
                parts.Health.CheckDue(id, cancellationToken);
            else
                parts.Starter.Restart(id, cancellationToken);
        }
        catch (Exception e) when (e is ContainerEngineException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // Why a restart failed is in its record, with the time of the next try; where not even that could be written, and after a check that
            // couldn't be made, it isn't tried without a pause.
            again = DateTimeOffset.UtcNow + AfterFailure;
        }
        turn.End();
        lock (_gate)
        {
            _atWork.Remove(id);
            _notBefore.Remove(id);
            if (again is { } time && IsStillDue(container))
                _notBefore[id] = time;
        }
        Ring(bell);
    }

    private bool IsStillDue(WaitingContainer container) => parts.Containers.Find(container.Id) is { } record
        && (container.IsCheck ? record.Health?.NextCheck : record.NextStart) <= DateTimeOffset.UtcNow;

    private static void Ring(SafeFileHandle bell) => _ = Descriptors.Write(bell, [0]);
}

using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>The helper process that waits for restarts, from inside. All it knows is in the state: killing it only delays.</summary>
internal sealed class Supervisor(EngineParts parts)
{
    private const int MostTurns = 500;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly int MostAtOnce = Math.Clamp(Environment.ProcessorCount * 2, 2, 8);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _atWork = [];
    private readonly Dictionary<string, DateTimeOffset> _notBefore = [];

    /// <summary>Starts containers when their time has come, until none waits.</summary>
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
        while (parts.Containers.Waiting().Count > 0);
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

    /// <summary>Starts what is due and waits for the next thing to happen; false when there is nothing left to do.</summary>
    private bool Serve(SafeFileHandle bell, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = parts.Containers.Waiting();
        var now = DateTimeOffset.UtcNow;
        var pause = RestartSchedule.LongestDelay;
        lock (_gate)
        {
            foreach (var container in waiting.Where(container => !_atWork.Contains(container.Id)))
            {
                var start = _notBefore.TryGetValue(container.Id, out var time) && time > container.Start ? time : container.Start;
                var left = RestartSchedule.Until(start, now);
                if (left > TimeSpan.Zero)
                    pause = left < pause ? left : pause;
                else if (_atWork.Count < MostAtOnce)
                    Begin(container.Id, bell, cancellationToken);
            }
            if (waiting.Count == 0 && _atWork.Count == 0)
                return false;
        }
        if (Descriptors.WaitReadable(bell.DangerousGetHandle().ToInt32(), (int)Math.Ceiling(pause.TotalMilliseconds)))
            Descriptors.Read(bell, stackalloc byte[512]);
        return true;
    }

    private void Begin(string id, SafeFileHandle bell, CancellationToken cancellationToken)
    {
        _atWork.Add(id);
        new Thread(() => Work(id, bell, cancellationToken)) { IsBackground = true, Name = "podsharp restart" }.Start();
    }

    private void Work(string id, SafeFileHandle bell, CancellationToken cancellationToken)
    {
        DateTimeOffset? again = null;
        try
        {
            parts.Starter.Restart(id, cancellationToken);
        }
        catch (Exception e) when (e is ContainerEngineException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // Why is in its record, with the time of the next try; where not even that could be written, it isn't tried without a pause.
            again = DateTimeOffset.UtcNow + AfterFailure;
        }
        lock (_gate)
        {
            _atWork.Remove(id);
            _notBefore.Remove(id);
            if (again is { } time && parts.Containers.Find(id) is { NextStart: { } next } && next <= DateTimeOffset.UtcNow)
                _notBefore[id] = time;
            _ = Descriptors.Write(bell, [0]);
        }
    }
}

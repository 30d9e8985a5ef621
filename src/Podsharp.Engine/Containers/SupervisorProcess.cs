using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>The helper process that waits for restarts, seen from outside: whether it is there, how it is woken and started.</summary>
/// <remarks>A named pipe is its bell. It exists as long as a container may be waiting, so that one look at it tells a command whether there
/// is anything to do; it has a reader as long as the helper lives. The helper itself is single by a lock (<see cref="Supervisor"/>).</remarks>
internal sealed class SupervisorProcess(EngineParts parts)
{
    private const uint PrivatePipe = ModeBits.Fifo | 0x180; // 0600
    private const int MostTurns = 500;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(2);

    /// <summary>The bell.</summary>
    internal string Bell => Path.Combine(parts.Paths.TmpDirectory, "supervise");

    /// <summary>Held by the helper.</summary>
    internal string LockPath => Path.Combine(parts.Paths.TmpDirectory, "supervise.lock");

    /// <summary>Says that a container will wait: before that is committed, so that it can't be overlooked if this process is killed then.</summary>
    public void Announce()
    {
        if (File.Exists(Bell))
            return;
        PrivateDirectory.Ensure(parts.Paths.TmpDirectory);
        _ = Files.TryMakeNode(Files.Absolute, Bell, PrivatePipe);
    }

    /// <summary>Tells the helper that a container waits, after that was committed; starts it if there is none.</summary>
    public void Wake()
    {
        for (var turn = 0; turn < MostTurns; turn++)
        {
            Announce();
            if (Ring())
                return;
            // Its lock is held, but nobody listens: it has just begun, or it is about to leave and doesn't look again.
            if (IsFree())
            {
                Start();
                return;
            }
            Thread.Sleep(Turn);
        }
    }

    /// <summary>Starts the helper if a container may be waiting and there is none: it was killed, or never got so far.</summary>
    public void Revive()
    {
        using var writer = Descriptors.OpenPipeWriter(Bell);
        if (writer is not null || !File.Exists(Bell))
            return;
        try
        {
            if (IsFree())
                Start();
        }
        catch (Exception e) when (e is ContainerEngineException or IOException or UnauthorizedAccessException)
        {
            // What the caller came for doesn't need it; the next one tries again.
        }
    }

    /// <summary>Tells the helper, if there is one, that a container waits no longer: it may have nothing left to do.</summary>
    public void Tell() => Ring();

    private bool Ring()
    {
        using var writer = Descriptors.OpenPipeWriter(Bell);
        if (writer is null)
            return false;
        // Where it fails the pipe is full of bytes: that rings loudly enough.
        _ = Descriptors.Write(writer, [0]);
        return true;
    }

    private bool IsFree()
    {
        using var held = FileLock.TryAcquire(LockPath, LockMode.Exclusive, fileMode: 0x180);
        return held is not null;
    }

    /// <summary>Starts the installed copy of the executable, in a session and a control group of its own: the end of the caller's ends it not.</summary>
    private void Start()
    {
        var command = parts.Bundles.EngineCommand(parts.Executables.Ensure());
        var pid = Processes.Spawn(new SpawnRequest
        {
            Path = command[0],
            Arguments = [.. command, "supervise"],
            Environment = parts.ChildEnvironment,
            NewSession = true,
        });
        CgroupTree.Move(parts.Host.Cgroups, pid, CgroupPaths.Supervisor);
        // Nobody waits for it, but a session that outlives it would keep its remains.
        new Thread(() => Processes.Wait(pid)) { IsBackground = true, Name = "podsharp supervisor's reaper" }.Start();
    }
}

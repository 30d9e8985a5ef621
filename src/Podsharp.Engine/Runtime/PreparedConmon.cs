using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>A conmon that was started and waits. Disposing of it before <see cref="Create"/> ends it without a trace.</summary>
internal sealed class PreparedConmon : IDisposable
{
    private readonly ConmonLaunch launch;
    private readonly int first;
    private readonly SafeFileHandle sync;
    private readonly SafeFileHandle start;
    private readonly Task<string?> move;
    private bool released;

    internal PreparedConmon(ConmonLaunch launch, int first, SafeFileHandle sync, SafeFileHandle start, Task<string?> move)
    {
        this.launch = launch;
        this.first = first;
        this.sync = sync;
        this.start = start;
        this.move = move;
    }

    /// <summary>Lets it go on: it has the runtime create the container.</summary>
    /// <exception cref="ContainerEngineException">As of <see cref="Conmon.Create"/>.</exception>
    internal ConmonResult Create(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Its children inherit the group: first the move, then the byte.
        var warning = move.GetAwaiter().GetResult();
        released = true;
        Conmon.Release(start);
        start.Dispose();
        if (!Processes.Wait(first).Succeeded)
            throw Conmon.ConmonFailed(launch.ContainerId, launch.OciLog, launch.RuntimePath);
        var conmon = Conmon.ReadPid(launch.ConmonPidFile);
        return Conmon.ReadMessage(sync, conmon, cancellationToken) is { Data: var outcome, Message: var message }
            ? outcome > 0 ? new ConmonResult(outcome, ProcessTable.StartTime(outcome), conmon, ProcessTable.StartTime(conmon), warning)
                : throw RuntimeErrors.FromLog(launch.RuntimePath, launch.ContainerId, launch.OciLog, message)
            : throw RuntimeErrors.FromLog(launch.RuntimePath, launch.ContainerId, launch.OciLog, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!released)
        {
            // The end of its start pipe would let it go on: it has to be ended before.
            released = true;
            Processes.Kill(first, Signals.Kill);
            // Not reaped while its number is still in use.
            move.GetAwaiter().GetResult();
            Processes.Wait(first);
        }
        start.Dispose();
        sync.Dispose();
    }
}

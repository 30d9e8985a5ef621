using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Runtime;

/// <summary>A started command in a container.</summary>
internal sealed class ExecConnection : IAsyncDisposable
{
    private readonly SafeFileHandle sync;
    private readonly Pidfd? conmon;
    private readonly ExecLaunch launch;

    internal ExecConnection(ExecLaunch launch, int pid, int conmonPid, AttachConnection? stream, SafeFileHandle sync, string? warning)
    {
        this.launch = launch;
        this.sync = sync;
        conmon = Pidfd.Open(conmonPid);
        Pid = pid;
        PidStartTime = ProcessTable.StartTime(pid);
        ConmonPid = conmonPid;
        ConmonStartTime = ProcessTable.StartTime(conmonPid);
        Stream = stream;
        Warning = warning;
    }

    /// <summary>The process on the host.</summary>
    internal int Pid { get; }
    /// <summary>Its start in clock ticks since boot; 0 where it has already ended.</summary>
    internal long PidStartTime { get; }
    /// <summary>conmon.</summary>
    internal int ConmonPid { get; }
    /// <summary>Its start likewise.</summary>
    internal long ConmonStartTime { get; }
    /// <summary>Its streams; null for a detached one.</summary>
    internal AttachConnection? Stream { get; }
    /// <summary>What went less than well, or null.</summary>
    internal string? Warning { get; }

    /// <summary>Waits for the command's end, on a thread of its own.</summary>
    /// <returns>The exit code; null where conmon was killed and nobody knows.</returns>
    internal Task<int?> WaitAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(() => Wait(cancellationToken),
        cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private int? Wait(CancellationToken cancellationToken)
    {
        // The pipe tells first; the file is there for those who did not start the command.
        while (!Descriptors.WaitReadable(sync.DangerousGetHandle().ToInt32(), 100))
            cancellationToken.ThrowIfCancellationRequested();
        var buffer = new byte[4096];
        if (SyncMessage.Parse(buffer.AsSpan(0, Descriptors.Read(sync, buffer))) is { Data: >= 0 and var code })
            return code;
        return ExitFiles.Wait(launch.ExitDirectory, launch.PersistDirectory, launch.ContainerId, conmon, cancellationToken)?.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Stream is not null)
            await Stream.DisposeAsync();
        sync.Dispose();
        conmon?.Dispose();
    }
}

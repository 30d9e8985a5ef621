using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>A process that can't be mistaken for a later one of the same number (pidfd_open(2), Linux 5.3).</summary>
internal sealed partial class Pidfd : SafeHandleZeroOrMinusOneIsInvalid
{
    private const long PidfdOpenCall = 434; // the same on every architecture
    private const long PidfdSendSignalCall = 424;
    private const int MillisecondsPerTurn = 100;

    private Pidfd(nint descriptor) : base(true) => SetHandle(descriptor);

    /// <summary>Opens a process; null where there is none (any more).</summary>
    internal static Pidfd? Open(int pid)
    {
        // Descriptors of pidfd_open are close-on-exec from birth.
        var descriptor = pid > 0 ? syscall(PidfdOpenCall, pid, 0, 0, 0) : -1;
        return descriptor < 0 ? null : new Pidfd((nint)descriptor);
    }

    /// <summary>Opens a process if it is still the one that was started at this time (<see cref="ProcessTable.StartTime"/>); with 0, any.</summary>
    internal static Pidfd? Open(int pid, long startTime)
    {
        var opened = Open(pid);
        if (opened is null || startTime == 0 || ProcessTable.StartTime(pid) == startTime)
            return opened;
        opened.Dispose();
        return null;
    }

    /// <summary>Waits until it has ended (it may still be a zombie).</summary>
    /// <returns>False when the time is over.</returns>
    internal bool WaitForExit(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = timeout is { } limit ? (limit - watch.Elapsed).TotalMilliseconds : MillisecondsPerTurn;
            // Turns only bound how long a cancellation takes to be seen: the kernel wakes us at the exit itself.
            var turn = cancellationToken.CanBeCanceled ? Math.Min(left, MillisecondsPerTurn) : timeout is null ? -1 : left;
            if (Descriptors.WaitReadable(DangerousGetHandle().ToInt32(), turn < 0 && timeout is not null ? 0 : (int)Math.Ceiling(turn)))
                return true;
            if (timeout is not null && watch.Elapsed >= timeout)
                return false;
        }
    }

    /// <summary>Sends a signal; false where it has ended.</summary>
    internal bool Signal(int signal) => syscall(PidfdSendSignalCall, handle, signal, 0, 0) == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Descriptors.Close(handle.ToInt32());

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, long a, long b, long c, long d);
}

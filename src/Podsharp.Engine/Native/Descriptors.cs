using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Waiting on, reading and writing bare descriptors.</summary>
internal static unsafe partial class Descriptors
{
    private const short Readable = 1;
    private const int GetFlags = 1; // F_GETFD
    private const int SetFlags = 2; // F_SETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC
    private const int PipeCloseOnExec = 0x80000; // O_CLOEXEC
    private const int NonBlockingWriteOnly = 0x80801; // O_WRONLY | O_NONBLOCK | O_CLOEXEC

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }

    /// <summary>Waits until a read would not block (data, end of file or error).</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="milliseconds">-1 to wait without end.</param>
    /// <returns>False when the time is over.</returns>
    internal static bool WaitReadable(int descriptor, int milliseconds) => WaitReadable([descriptor], milliseconds);

    /// <summary>Waits until a read of one of them would not block.</summary>
    internal static bool WaitReadable(ReadOnlySpan<int> descriptors, int milliseconds)
    {
        var entries = stackalloc PollEntry[descriptors.Length];
        for (var i = 0; i < descriptors.Length; i++)
            entries[i] = new PollEntry { Descriptor = descriptors[i], Events = Readable };
        while (true)
        {
            var got = poll(entries, (nuint)descriptors.Length, milliseconds);
            if (got >= 0)
                return got > 0;
            if (LinuxError.Last is var errno && errno != Errno.Interrupted)
                throw LinuxError.Create(errno, "wait on a descriptor", null);
        }
    }

    /// <summary>As <see cref="WaitReadable(int, int)"/>, for waits of less than a millisecond.</summary>
    /// <returns>False when the time is over, or a signal came first.</returns>
    internal static bool WaitReadable(int descriptor, TimeSpan time)
    {
        var entry = new PollEntry { Descriptor = descriptor, Events = Readable };
        var limit = new TimeSpec { Seconds = (long)time.TotalSeconds, Nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick };
        return ppoll(&entry, 1, &limit, null) > 0;
    }

    /// <summary>Keeps a descriptor that was given to this process from those that it starts.</summary>
    internal static void SetCloseOnExec(int descriptor) => _ = fcntl(descriptor, SetFlags, CloseOnExec);

    /// <summary>Whether a descriptor is open and was given to this process: what a process opens for itself is closed when it starts another.</summary>
    internal static bool IsInherited(int descriptor) => fcntl(descriptor, GetFlags, 0) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    /// <summary>Makes a pipe.</summary>
    internal static (SafeFileHandle Reader, SafeFileHandle Writer) Pipe()
    {
        var ends = stackalloc int[2];
        if (pipe2(ends, PipeCloseOnExec) != 0)
            throw LinuxError.Create(LinuxError.Last, "make a pipe", null);
        return (new SafeFileHandle(ends[0], true), new SafeFileHandle(ends[1], true));
    }

    /// <summary>Opens a named pipe for writing; null where nobody reads it (ENXIO) or it is gone.</summary>
    internal static SafeFileHandle? OpenPipeWriter(string path)
    {
        var descriptor = open(path, NonBlockingWriteOnly, 0);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, true);
    }

    /// <summary>Writes all bytes; false on an error.</summary>
    internal static bool Write(SafeHandle descriptor, ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            nint wrote;
            fixed (byte* bytes = data)
                wrote = write(descriptor.DangerousGetHandle().ToInt32(), bytes, data.Length);
            if (wrote < 0)
            {
                if (LinuxError.Last == Errno.Interrupted)
                    continue;
                return false;
            }
            data = data[(int)wrote..];
        }
        GC.KeepAlive(descriptor);
        return true;
    }

    /// <summary>Reads what is there, at most the buffer's length; 0 at the end of file.</summary>
    /// <exception cref="LinuxException">The read failed.</exception>
    internal static int Read(SafeHandle descriptor, Span<byte> buffer)
    {
        while (true)
        {
            nint got;
            fixed (byte* bytes = buffer)
                got = read(descriptor.DangerousGetHandle().ToInt32(), bytes, buffer.Length);
            if (got >= 0)
                return (int)got;
            if (LinuxError.Last is var errno && errno != Errno.Interrupted)
                throw LinuxError.Create(errno, "read from a descriptor", null);
        }
    }

    /// <summary>Closes a descriptor.</summary>
    internal static bool Close(int descriptor) => close(descriptor) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ppoll(PollEntry* entries, nuint count, TimeSpec* time, void* signals);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* data, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* data, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, nint argument);
}

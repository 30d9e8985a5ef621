using System.Net;
using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>Sockets by their descriptors, which never block: for the forwarder, which has thousands of them on one thread. A socket is of the
/// network namespace of the thread that makes it.</summary>
internal static unsafe partial class RawSockets
{
    /// <summary>The length of the longest address, IPv6's.</summary>
    internal const int AddressSize = 28;

    private const int Stream = 1;
    private const int Datagram = 2;
    private const int NonBlocking = 0x80800; // SOCK_NONBLOCK | SOCK_CLOEXEC
    private const int SocketLevel = 1;
    private const int ErrorOption = 4;
    private const int KeepAlive = 9;
    private const int LingerOption = 13;
    private const int Tcp = 6;
    private const int NoDelay = 1;
    private const int SpliceFlags = 3; // SPLICE_F_MOVE | SPLICE_F_NONBLOCK
    private const int GetFlags = 3; // F_GETFL
    private const int SetFlags = 4; // F_SETFL
    private const int SetPipeSize = 1031; // F_SETPIPE_SZ

    /// <summary>Makes a socket and has it connect.</summary>
    /// <param name="isStream">TCP, else UDP.</param>
    /// <param name="address">Where to.</param>
    /// <returns>The descriptor; -1 where it can't be made or connected.</returns>
    internal static int Connect(bool isStream, ReadOnlySpan<byte> address)
    {
        var made = socket(MemoryMarshal.Read<ushort>(address), (isStream ? Stream : Datagram) | NonBlocking, 0);
        if (made < 0) return -1;
        fixed (byte* bytes = address)
        {
            // EINPROGRESS, 115: it is told later whether it has gone well.
            if (connect(made, bytes, address.Length) == 0 || Marshal.GetLastPInvokeError() == 115) return made;
        }
        var errno = Marshal.GetLastPInvokeError();
        Descriptors.Close(made);
        Marshal.SetLastPInvokeError(errno);
        return -1;
    }

    /// <summary>Has a socket never block, whoever has made it.</summary>
    internal static void SetNonBlocking(int descriptor)
    {
        if (fcntl(descriptor, SetFlags, fcntl(descriptor, GetFlags, 0) | 0x800 /* O_NONBLOCK */) < 0)
            throw LinuxError.Create(LinuxError.Last, "prepare a socket", null);
    }

    /// <summary>Takes a connection; -1 where none waits, or there are no descriptors left.</summary>
    internal static int Accept(int listener) => accept4(listener, null, null, NonBlocking);

    /// <summary>Has small pieces sent at once, and asks from time to time whether the other end is still there.</summary>
    internal static void Prepare(int connection)
    {
        Set(connection, Tcp, NoDelay, 1);
        Set(connection, SocketLevel, KeepAlive, 1);
    }

    /// <summary>How a connection has come about.</summary>
    internal static Errno Outcome(int connection)
    {
        int error, size = sizeof(int);
        return getsockopt(connection, SocketLevel, ErrorOption, &error, &size) == 0 ? (Errno)error : LinuxError.Last;
    }

    /// <summary>Says that nothing more is sent.</summary>
    internal static void EndSending(int connection) => _ = shutdown(connection, 1);

    /// <summary>Closes a connection; the other end gets an error.</summary>
    internal static void Abort(int connection)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = setsockopt(connection, SocketLevel, LingerOption, linger, 8);
        Descriptors.Close(connection);
    }

    /// <summary>Moves data from or into a pipe, without copying it here.</summary>
    /// <returns>How much; 0 at the end; -1 with <see cref="LinuxError.Last"/>.</returns>
    internal static nint Splice(int source, int target, nint most) => splice(source, null, target, null, most, SpliceFlags);

    /// <summary>Makes a pipe that doesn't block.</summary>
    /// <param name="size">How much is to fit, if the user may have that.</param>
    /// <returns>Its ends; null where there are no descriptors left.</returns>
    internal static (int Reader, int Writer)? Pipe(int size)
    {
        var ends = stackalloc int[2];
        if (pipe2(ends, NonBlocking) != 0) return null;
        _ = fcntl(ends[1], SetPipeSize, size);
        return (ends[0], ends[1]);
    }

    /// <summary>An address as the kernel takes it.</summary>
    internal static byte[] Address(IPAddress address, int port) => new IPEndPoint(address, port).Serialize() is var made ? made.Buffer[..made.Size].ToArray() : [];

    /// <summary>Raises the limit of open descriptors to what this process may have.</summary>
    /// <returns>How many that are.</returns>
    internal static int RaiseLimit()
    {
        const int openFiles = 7; // RLIMIT_NOFILE
        var limits = stackalloc ulong[2];
        if (getrlimit(openFiles, limits) != 0) throw LinuxError.Create(LinuxError.Last, "read the limit of open files", null);
        var wanted = stackalloc ulong[2] { limits[1], limits[1] };
        return (int)Math.Min(setrlimit(openFiles, wanted) == 0 ? limits[1] : limits[0], int.MaxValue);
    }

    private static void Set(int descriptor, int level, int option, int value) => _ = setsockopt(descriptor, level, option, &value, sizeof(int));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int descriptor, byte* address, int size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int descriptor, byte* address, int* size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, int size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int descriptor, int level, int option, void* value, int* size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint splice(int source, long* sourceOffset, int target, long* targetOffset, nint length, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, ulong* limits);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, ulong* limits);
}

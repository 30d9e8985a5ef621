using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Waits on many descriptors at once (epoll(7)).</summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    /// <summary>EPOLLIN.</summary>
    internal const uint Readable = 1;
    /// <summary>EPOLLOUT.</summary>
    internal const uint Writable = 4;
    /// <summary>EPOLLERR or EPOLLHUP, which are always told.</summary>
    internal const uint Ended = 0x18;
    /// <summary>EPOLLRDHUP.</summary>
    internal const uint PeerClosed = 0x2000;
    /// <summary>EPOLLET: tells of changes only.</summary>
    internal const uint Edge = 1u << 31;

    private const int CloseOnExec = 0x80000;
    private const int Most = 256;
    // struct epoll_event is packed on x86-64 alone.
    private static readonly int Size = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = Size - 8;
    private readonly SafeFileHandle descriptor;
    private readonly byte[] events = new byte[Most * 16];

    /// <summary>Makes one.</summary>
    internal Epoll()
    {
        var made = epoll_create1(CloseOnExec);
        descriptor = made >= 0 ? new SafeFileHandle(made, true) : throw LinuxError.Create(LinuxError.Last, "wait on descriptors", null);
    }

    /// <summary>Adds a descriptor.</summary>
    /// <param name="target">The descriptor; one that is closed is removed by the kernel.</param>
    /// <param name="wanted">What is waited for.</param>
    /// <param name="data">What <see cref="Wait"/> tells it by.</param>
    internal void Add(int target, uint wanted, ulong data) => Control(1, target, wanted, data);

    /// <summary>Removes a descriptor that stays open.</summary>
    internal void Remove(int target) => Control(2, target, 0, 0);

    /// <summary>Waits.</summary>
    /// <param name="milliseconds">-1 for without end.</param>
    /// <returns>How many events there are (<see cref="Event"/>).</returns>
    internal int Wait(int milliseconds)
    {
        fixed (byte* start = events)
        {
            var got = epoll_wait(descriptor, start, Most, milliseconds);
            return got >= 0 ? got : LinuxError.Last == Errno.Interrupted ? 0 : throw LinuxError.Create(LinuxError.Last, "wait on descriptors", null);
        }
    }

    /// <summary>An event of the last wait.</summary>
    internal (uint Events, ulong Data) Event(int index)
    {
        var entry = events.AsSpan(index * Size, Size);
        return (MemoryMarshal.Read<uint>(entry), MemoryMarshal.Read<ulong>(entry[DataOffset..]));
    }

    /// <inheritdoc/>
    public void Dispose() => descriptor.Dispose();

    private void Control(int operation, int target, uint wanted, ulong data)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = wanted;
        MemoryMarshal.Write(new Span<byte>(entry + DataOffset, 8), in data);
        if (epoll_ctl(descriptor, operation, target, entry) != 0)
            throw LinuxError.Create(LinuxError.Last, "wait on a descriptor", null);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(SafeFileHandle epoll, int operation, int target, byte* entry);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(SafeFileHandle epoll, byte* entries, int count, int milliseconds);
}

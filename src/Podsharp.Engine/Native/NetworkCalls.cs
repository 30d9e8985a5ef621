using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>The kernel calls that network namespaces need. They act on the calling thread: use them on a dedicated thread that ends.</summary>
internal static unsafe partial class NetworkCalls
{
    private const int CloneNewNet = 0x4000_0000;
    private const int AddressFamilyInet = 2;
    private const int SocketDatagram = 2;
    private const int SocketCloseOnExec = 0x8_0000;
    private const ulong GetInterfaceFlags = 0x8913; // SIOCGIFFLAGS
    private const ulong SetInterfaceFlags = 0x8914; // SIOCSIFFLAGS
    private const short InterfaceUp = 1;

    /// <summary>Moves the calling thread into a new network namespace (unshare(2)).</summary>
    internal static Errno TryUnshareNetwork() => unshare(CloneNewNet) < 0 ? LinuxError.Last : Errno.None;

    /// <summary>Moves the calling thread into the network namespace that a handle names (setns(2)).</summary>
    internal static Errno TryEnterNetwork(SafeFileHandle network) => setns(network, CloneNewNet) < 0 ? LinuxError.Last : Errno.None;

    /// <summary>Switches the loopback interface of the calling thread's network namespace on (netdevice(7)).</summary>
    internal static Errno TryBringLoopbackUp()
    {
        var fd = socket(AddressFamilyInet, SocketDatagram | SocketCloseOnExec, 0);
        if (fd < 0) return LinuxError.Last;
        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        var request = new InterfaceRequest();
        "lo"u8.CopyTo(new Span<byte>(request.Name, 16));
        if (ioctl(handle, GetInterfaceFlags, &request) < 0) return LinuxError.Last;
        request.Flags |= InterfaceUp;
        return ioctl(handle, SetInterfaceFlags, &request) < 0 ? LinuxError.Last : Errno.None;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(SafeFileHandle ns, int type);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, ulong request, InterfaceRequest* argument);

    // struct ifreq with its flags member.
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    private struct InterfaceRequest
    {
        public fixed byte Name[16];
        public short Flags;
    }
}

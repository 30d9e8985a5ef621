using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Network interfaces, through netdevice(7): it needs no netlink dialogue. Acts on the calling thread's network namespace.</summary>
internal static unsafe partial class NetworkCalls
{
    private const int AddressFamilyInet = 2;
    private const int SocketDatagram = 2;
    private const int SocketCloseOnExec = 0x8_0000;
    private const ulong GetInterfaceFlags = 0x8913; // SIOCGIFFLAGS
    private const ulong SetInterfaceFlags = 0x8914; // SIOCSIFFLAGS
    private const ulong RemoveBridge = 0x89A1; // SIOCBRDELBR
    private const short InterfaceUp = 1;
    private const int NameSize = 16; // IFNAMSIZ

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

    /// <summary>Removes a bridge of the calling thread's network namespace; one that isn't there is fine, and so is an interface that is no bridge: it stays.</summary>
    internal static Errno TryRemoveBridge(string name)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(name);
        if (bytes.Length is 0 or >= NameSize || !Directory.Exists($"/sys/class/net/{name}/bridge")) return Errno.None;
        var fd = socket(AddressFamilyInet, SocketDatagram | SocketCloseOnExec, 0);
        if (fd < 0) return LinuxError.Last;
        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        var request = new InterfaceRequest();
        bytes.CopyTo(new Span<byte>(request.Name, NameSize));
        // It must be down.
        if (ioctl(handle, GetInterfaceFlags, &request) < 0) return LinuxError.Last;
        request.Flags &= ~InterfaceUp;
        if (ioctl(handle, SetInterfaceFlags, &request) < 0) return LinuxError.Last;
        return ioctl(handle, RemoveBridge, (InterfaceRequest*)request.Name) < 0 ? LinuxError.Last : Errno.None;
    }

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

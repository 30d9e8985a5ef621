using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Sequenced-packet sockets.</summary>
internal static unsafe partial class Sockets
{
    private const int Unix = 1;
    private const int SequencedPacket = 5;
    private const int CloseOnExec = 0x80000;
    private const int PathDirectory = 0x290000; // O_PATH | O_DIRECTORY | O_CLOEXEC

    /// <summary>Two connected AF_UNIX sockets that keep packet borders.</summary>
    internal static (SafeFileHandle Ours, SafeFileHandle Theirs) Pair()
    {
        var pair = stackalloc int[2];
        return socketpair(Unix, SequencedPacket | CloseOnExec, 0, pair) == 0
            ? (new SafeFileHandle(pair[0], true), new SafeFileHandle(pair[1], true))
            : throw LinuxError.Create(LinuxError.Last, "make a socket pair", null);
    }

    /// <summary>Connects to a sequenced-packet socket in a directory.</summary>
    /// <remarks>A socket address holds 108 bytes and bundle paths are longer: the directory is opened and the socket named through
    /// /proc/self/fd, as conmon itself binds it.</remarks>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    internal static Socket ConnectIn(string directory, string name)
    {
        var descriptor = open(directory, PathDirectory, 0);
        if (descriptor < 0)
            throw LinuxError.Create(LinuxError.Last, "open", directory);
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint($"/proc/self/fd/{descriptor}/{name}"));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        finally
        {
            Descriptors.Close(descriptor);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int family, int type, int protocol, int* pair);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);
}

using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>Datagrams, with the host's address at which they came in: an answer must come from there, or its receiver doesn't take it.</summary>
internal static unsafe partial class RawSockets
{
    /// <summary>The length of the longest control message, that of IPv6.</summary>
    internal const int OriginSize = 40;

    private const int IPv4Level = 0;
    private const int IPv4Information = 8; // IP_PKTINFO
    private const int IPv6Level = 41;
    private const int ReceiveIPv6Information = 49; // IPV6_RECVPKTINFO
    private const int HeaderSize = 16; // struct cmsghdr
    private const byte LinkLocal = 0xfe;
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL

    /// <summary>Has a socket tell at which address a datagram has come in. It is of one family: the other one's call comes to nothing.</summary>
    internal static void TellOrigin(int descriptor)
    {
        Set(descriptor, IPv4Level, IPv4Information, 1);
        Set(descriptor, IPv6Level, ReceiveIPv6Information, 1);
    }

    /// <summary>Takes a datagram.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="buffer">Takes the data.</param>
    /// <param name="sender">Takes the sender's address.</param>
    /// <param name="senderSize">Its length.</param>
    /// <param name="origin">Takes the control message that an answer is sent with.</param>
    /// <param name="originSize">Its length.</param>
    /// <returns>The datagram's length; -1 where there is none.</returns>
    internal static int Receive(int descriptor, Span<byte> buffer, Span<byte> sender, out int senderSize, Span<byte> origin, out int originSize)
    {
        fixed (byte* data = buffer, address = sender, control = origin)
        {
            var piece = new Piece { Data = data, Length = buffer.Length };
            var message = new Message { Name = address, NameSize = sender.Length, Pieces = &piece, PieceCount = 1, Control = control, ControlSize = origin.Length };
            var got = recvmsg(descriptor, &message, 0);
            senderSize = message.NameSize;
            originSize = got < 0 ? 0 : (int)message.ControlSize;
            ForgetInterface(origin[..originSize]);
            return (int)got;
        }
    }

    /// <summary>Sends a datagram; one that can't be sent is lost, as datagrams are.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="data">The data.</param>
    /// <param name="receiver">To whom; empty for whom it is connected with.</param>
    /// <param name="origin">The control message that came with what it answers; empty without.</param>
    internal static void Send(int descriptor, ReadOnlySpan<byte> data, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> origin)
    {
        fixed (byte* bytes = data, address = receiver, control = origin)
        {
            var piece = new Piece { Data = bytes, Length = data.Length };
            var message = new Message { Name = address, NameSize = receiver.Length, Pieces = &piece, PieceCount = 1, Control = control, ControlSize = origin.Length };
            _ = sendmsg(descriptor, &message, NoSignal);
        }
    }

    // The answer goes where routes say; only a link's own addresses need the interface.
    private static void ForgetInterface(Span<byte> origin)
    {
        if (origin.Length < HeaderSize + 12) return;
        var isIPv4 = MemoryMarshal.Read<int>(origin[8..]) == IPv4Level;
        if (isIPv4) origin.Slice(HeaderSize, 4).Clear();
        else if (origin[HeaderSize] != LinkLocal) origin[(HeaderSize + 16)..].Clear();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int descriptor, Message* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int descriptor, Message* message, int flags);

    // struct iovec
    [StructLayout(LayoutKind.Sequential)]
    private struct Piece
    {
        internal byte* Data;
        internal nint Length;
    }

    // struct msghdr
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        internal byte* Name;
        internal int NameSize;
        internal Piece* Pieces;
        internal nint PieceCount;
        internal byte* Control;
        internal nint ControlSize;
        internal int Flags;
    }
}

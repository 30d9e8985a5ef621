using System.Net.Sockets;
using System.Text;

namespace Podsharp.Engine.Host;

/// <summary>Tells systemd about a service (sd_notify(3)).</summary>
internal static class SystemdNotify
{
    /// <summary>Sends lines of NAME=value.</summary>
    /// <param name="address">What NOTIFY_SOCKET holds: a path, or an abstract name that begins with @.</param>
    /// <param name="message">The lines.</param>
    /// <remarks>Nobody who listens there is no reason for a container not to run: systemd itself gives up on a service that it hears nothing of.</remarks>
    internal static void Send(string address, string message)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(address.StartsWith('@') ? '\0' + address[1..] : address));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
        }
    }
}

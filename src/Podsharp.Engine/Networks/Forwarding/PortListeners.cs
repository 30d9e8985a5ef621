using System.Net;
using System.Net.Sockets;
using Podsharp.Model;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>The host's sockets of published ports, at which their forwarder is to listen. They are opened by who starts it, so that a port that is taken is told
/// in the words of any other.</summary>
internal sealed class PortListeners : IDisposable
{
    private const int Backlog = 512;
    private readonly List<Listener> all = [];

    /// <summary>The sockets.</summary>
    internal IReadOnlyList<Listener> All => all;

    /// <summary>Opens a socket for each port; without an address for IPv4 and, where the host has it, for IPv6.</summary>
    /// <exception cref="ContainerEngineException">PortInUse, naming port and holder; PermissionDenied: a port that isn't an ordinary user's; InvalidArgument: the address is not of this host.</exception>
    internal static PortListeners Open(IReadOnlyList<PortMapping> ports)
    {
        var listeners = new PortListeners();
        try
        {
            foreach (var port in ports)
            {
                for (var step = 0; step < port.Range; step++) listeners.Open(port, step);
            }
            return listeners;
        }
        catch
        {
            listeners.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var listener in all) listener.Socket.Dispose();
        all.Clear();
    }

    private void Open(PortMapping port, int step)
    {
        Add(PortReservation.Bind(port, port.HostPort + step), port, step);
        if (port.HostIp.Length > 0) return;
        try
        {
            Add(PortReservation.Bind(port with { HostIp = IPAddress.IPv6Any.ToString() }, port.HostPort + step), port, step);
        }
        catch (Exception e) when (e is ContainerEngineException or SocketException)
        {
            // A host without IPv6, or another program has the port there alone: it wasn't asked for by name.
        }
    }

    private void Add(Socket? socket, PortMapping port, int step)
    {
        if (socket is null) return;
        all.Add(new Listener(socket, port.Protocol, port.ContainerPort + step));
        if (port.Protocol == "tcp") socket.Listen(Backlog);
    }

    /// <summary>A socket of the host.</summary>
    /// <param name="Socket">The socket.</param>
    /// <param name="Protocol">tcp or udp.</param>
    /// <param name="ContainerPort">The container's port.</param>
    internal sealed record Listener(Socket Socket, string Protocol, int ContainerPort);
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Host ports held by sockets that nobody reads: netavark redirects packets before they get there, but another program
/// that wants the port is told that it is taken. conmon inherits the sockets and keeps the ports for the container's life, as under podman.</summary>
internal sealed class PortReservation : IDisposable
{
    private const int MaximumSockets = 2000; // a published range of tens of thousands must not use up the descriptors

    private readonly List<Socket> sockets = [];

    /// <summary>The sockets, to be handed to conmon.</summary>
    internal IReadOnlyList<SafeHandle> Handles => [.. sockets.Select(s => s.SafeHandle)];

    /// <summary>Takes every host port of the mappings.</summary>
    /// <exception cref="ContainerEngineException">PortInUse, naming port and holder; InvalidArgument: the address is not of this host.</exception>
    internal static PortReservation Take(IReadOnlyList<PortMapping> ports)
    {
        var reservation = new PortReservation();
        try
        {
            foreach (var port in ports)
            {
                for (var number = port.HostPort; number < port.HostPort + port.Range && reservation.sockets.Count < MaximumSockets; number++)
                {
                    if (Bind(port, number) is { } socket) reservation.sockets.Add(socket);
                }
            }
            return reservation;
        }
        catch
        {
            reservation.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that host ports can be published by a container that runs: its conmon, or an ordinary user's forwarder, may hold them from its start.</summary>
    /// <exception cref="ContainerEngineException">As <see cref="Take"/>.</exception>
    internal static void Check(IReadOnlyList<PortMapping> ports, int holder)
    {
        foreach (var port in ports)
        {
            for (var number = port.HostPort; number < port.HostPort + port.Range; number++)
            {
                if (!PortHolder.IsHeldBy(holder, port.Protocol, number)) Bind(port, number)?.Dispose();
            }
        }
    }

    /// <summary>A host port that is free for a whole mapping.</summary>
    /// <param name="port">The mapping; its host port is 0.</param>
    /// <param name="others">Mappings of the same container, whose ports are not free.</param>
    internal static int ChooseFree(PortMapping port, IReadOnlyList<PortMapping> others)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            // The kernel offers a port for one; where a row is wanted, guess its start in the usual range.
            var start = port.Range == 1 && port.Protocol != "sctp" ? KernelChoice(port) : Random.Shared.Next(32768, 61000 - port.Range);
            var candidate = port with { HostPort = start };
            if (others.Any(o => PortPlan.Overlap(o, candidate))) continue;
            try
            {
                Take([candidate]).Dispose();
                return start;
            }
            catch (ContainerEngineException e) when (e.Kind == ErrorKind.PortInUse)
            {
            }
        }
        throw new ContainerEngineException(ErrorKind.PortInUse, "NoFreePort", $"no free host port was found for container port {port.ContainerPort}/{port.Protocol}",
            port.ContainerPort.ToString(System.Globalization.CultureInfo.InvariantCulture), "publish it on a port that you choose");
    }

    /// <summary>Gives the ports back, unless a child process has inherited them.</summary>
    public void Dispose()
    {
        foreach (var socket in sockets) socket.Dispose();
        sockets.Clear();
    }

    private static int KernelChoice(PortMapping port)
    {
        using var socket = Bind(port, 0)!;
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Takes a host port; null where nobody can hold it.</summary>
    /// <exception cref="ContainerEngineException">As <see cref="Take"/>.</exception>
    internal static Socket? Bind(PortMapping port, int number)
    {
        var address = port.HostIp.Length == 0 ? IPAddress.Any : IPAddress.Parse(port.HostIp);
        // The kernel's SCTP module may be missing, and it can't tell of conflicts with the container's: podman doesn't bind these either.
        if (port.Protocol == "sctp") return null;
        var tcp = port.Protocol == "tcp";
        var socket = new Socket(address.AddressFamily, tcp ? SocketType.Stream : SocketType.Dgram, tcp ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, number));
            if (tcp) socket.Listen(1);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Error(e, port, number);
        }
    }

    private static ContainerEngineException Error(SocketException e, PortMapping port, int number)
    {
        var text = port.HostIp.Length == 0 ? $"{number}/{port.Protocol}" : $"{port with { HostPort = number, Range = 1 }}".Split("->")[0] + "/" + port.Protocol;
        return e.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => new ContainerEngineException(ErrorKind.PortInUse, "PortInUse",
                $"the host port {text} is already in use{PortHolder.Describe(port.Protocol, number)}", text, "stop what uses it, or publish another port"),
            SocketError.AccessDenied => new ContainerEngineException(ErrorKind.PermissionDenied, "PortNotPermitted",
                $"this user must not bind the host port {text}", text, "publish a port from 1024 on, or lower net.ipv4.ip_unprivileged_port_start"),
            SocketError.AddressNotAvailable => EngineErrors.InvalidArgument($"the address {port.HostIp} is not one of this host's", port.HostIp,
                "publish on an address of this host, or leave it out"),
            _ => new ContainerEngineException(ErrorKind.Network, "PortReservationFailed", $"cannot reserve the host port {text}: {e.Message}", text),
        };
    }
}

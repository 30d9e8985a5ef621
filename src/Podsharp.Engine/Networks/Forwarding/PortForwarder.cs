using System.Net;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>Forwards an ordinary user's published ports, from inside its process: what comes to sockets of the host's network goes to
/// addresses of another network namespace.</summary>
/// <remarks>One thread does all: it enters that namespace, in which all sockets are made from then on; those of the host come from its starter, so that
/// a port that is taken is found before anything is made. Data goes through pipes in the kernel and is never copied here.</remarks>
internal sealed class PortForwarder
{
    /// <summary>The descriptor of the plan.</summary>
    internal const int PlanDescriptor = 3;

    /// <summary>The descriptor of the network namespace.</summary>
    internal const int NamespaceDescriptor = 4;

    /// <summary>The first socket's descriptor; the others follow, in the order of the plan's lines.</summary>
    internal const int FirstSocket = 5;

    // Two sockets and two pipes.
    private const int DescriptorsOfFlow = 6;
    private const int OtherDescriptors = 64;
    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(10);
    private readonly EventLoop loop = new();
    private readonly PipePool pipes = new();
    private readonly List<TcpPort> listeners = [];
    private readonly List<UdpPort> datagrams = [];
    private readonly UdpSenders senders;
    private readonly int mostFlows;
    private int flows;
    private bool isFull;

    /// <summary>Forwards until the process is killed.</summary>
    internal static void Run()
    {
        var limit = RawSockets.RaiseLimit();
        string plan;
        using (var file = new SafeFileHandle(PlanDescriptor, ownsHandle: true)) plan = MemoryFile.ReadText(file);
        Namespaces.RunInNetwork($"/proc/self/fd/{NamespaceDescriptor}", () =>
        {
            Descriptors.Close(NamespaceDescriptor);
            new PortForwarder(plan, limit).Serve();
            return true;
        });
    }

    /// <param name="plan">A line for each socket: <c>tcp|udp ADDRESS PORT</c>.</param>
    /// <param name="limit">How many descriptors there may be.</param>
    private PortForwarder(string plan, int limit)
    {
        // A quarter of them is for senders of datagrams.
        senders = new UdpSenders(Math.Max(limit / 4, 1));
        var descriptor = FirstSocket;
        foreach (var line in plan.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            RawSockets.SetNonBlocking(descriptor);
            var fields = line.Split(' ');
            var target = RawSockets.Address(IPAddress.Parse(fields[1]), int.Parse(fields[2], System.Globalization.CultureInfo.InvariantCulture));
            if (fields[0] == "udp")
                datagrams.Add(new UdpPort(descriptor++, target, loop, senders));
            else
                listeners.Add(new TcpPort(descriptor++, client => Open(client, target), Fill));
        }
        mostFlows = Math.Max((limit - senders.Most - descriptor - OtherDescriptors) / DescriptorsOfFlow, 1);
    }

    private void Serve()
    {
        foreach (var listener in listeners) loop.Add(listener.Descriptor, Epoll.Readable, listener);
        foreach (var port in datagrams)
        {
            RawSockets.TellOrigin(port.Descriptor);
            loop.Add(port.Descriptor, Epoll.Readable, port);
        }
        var swept = Environment.TickCount64;
        while (true)
        {
            loop.Turn(senders.Count > 0 ? (int)SweepPause.TotalMilliseconds : -1);
            var now = Environment.TickCount64;
            if (now - swept < SweepPause.TotalMilliseconds) continue;
            swept = now;
            foreach (var port in datagrams) port.Sweep(now);
        }
    }

    private bool Open(int client, byte[] target)
    {
        var server = RawSockets.Connect(isStream: true, target);
        if (server < 0)
        {
            RawSockets.Abort(client);
            return true;
        }
        RawSockets.Prepare(client);
        RawSockets.Prepare(server);
        _ = new TcpFlow(client, server, loop, pipes, Closed);
        if (++flows >= mostFlows) Fill();
        return !isFull;
    }

    // Further connections wait in the kernel until others have ended, rather than fail for want of a pipe.
    private void Fill()
    {
        if (isFull) return;
        isFull = true;
        foreach (var listener in listeners) loop.Remove(listener.Descriptor);
    }

    private void Closed()
    {
        flows--;
        if (!isFull) return;
        isFull = false;
        foreach (var listener in listeners) loop.Add(listener.Descriptor, Epoll.Readable, listener);
    }
}

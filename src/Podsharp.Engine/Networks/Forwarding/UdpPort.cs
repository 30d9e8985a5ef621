using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>A socket at which datagrams come in. Each sender has a socket of its own to the container, until nothing was said for a while: so answers find back.</summary>
/// <param name="descriptor">The socket.</param>
/// <param name="target">The container's address.</param>
/// <param name="loop">Tells what happens.</param>
/// <param name="senders">How many senders are remembered, of all ports.</param>
internal sealed class UdpPort(int descriptor, byte[] target, EventLoop loop, UdpSenders senders) : IReadiness
{
    private const int MostInTurn = 64;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(90);
    private static readonly byte[] Buffer = new byte[64 << 10];
    private readonly Dictionary<string, Peer> peers = new(StringComparer.Ordinal);

    /// <summary>The socket.</summary>
    internal int Descriptor => descriptor;

    /// <inheritdoc/>
    public void OnReady(int descriptor, uint events)
    {
        Span<byte> sender = stackalloc byte[RawSockets.AddressSize];
        Span<byte> origin = stackalloc byte[RawSockets.OriginSize];
        for (var i = 0; i < MostInTurn; i++)
        {
            var size = RawSockets.Receive(descriptor, Buffer, sender, out var senderSize, origin, out var originSize);
            if (size < 0) return;
            FindPeer(sender[..senderSize], origin[..originSize])?.Send(Buffer.AsSpan(0, size));
        }
    }

    /// <summary>Forgets whoever has said and heard nothing for a while.</summary>
    /// <param name="now">The time (<see cref="Environment.TickCount64"/>).</param>
    internal void Sweep(long now)
    {
        foreach (var (name, peer) in peers.Where(entry => now - entry.Value.Used > Idle.TotalMilliseconds).ToList()) Drop(name, peer);
    }

    private Peer? FindPeer(ReadOnlySpan<byte> address, ReadOnlySpan<byte> origin)
    {
        // Whoever speaks to two addresses of the host is two.
        var name = Convert.ToHexString(address) + Convert.ToHexString(origin);
        if (peers.TryGetValue(name, out var known)) return known;
        if (senders.Count >= senders.Most)
        {
            // Its place is taken from who has been silent for longest.
            if (peers.Count == 0) return null;
            var (silent, oldest) = peers.MinBy(entry => entry.Value.Used);
            Drop(silent, oldest);
        }
        var made = RawSockets.Connect(isStream: false, target);
        if (made < 0) return null;
        senders.Count++;
        var peer = new Peer(descriptor, made, address.ToArray(), origin.ToArray());
        loop.Add(made, Epoll.Readable, peer);
        return peers[name] = peer;
    }

    private void Drop(string name, Peer peer)
    {
        peers.Remove(name);
        senders.Count--;
        loop.Forget(peer.Socket);
        Descriptors.Close(peer.Socket);
    }

    /// <summary>A sender.</summary>
    /// <param name="port">The socket at which it is heard.</param>
    /// <param name="socket">Its socket to the container.</param>
    /// <param name="address">Its address.</param>
    /// <param name="origin">Tells the host's address to which it speaks.</param>
    private sealed class Peer(int port, int socket, byte[] address, byte[] origin) : IReadiness
    {
        /// <summary>Its socket to the container.</summary>
        internal int Socket => socket;

        /// <summary>When something was last said.</summary>
        internal long Used { get; private set; } = Environment.TickCount64;

        /// <summary>Passes a datagram to the container.</summary>
        internal void Send(ReadOnlySpan<byte> data)
        {
            Used = Environment.TickCount64;
            RawSockets.Send(socket, data, [], []);
        }

        /// <inheritdoc/>
        public void OnReady(int descriptor, uint events)
        {
            for (var i = 0; i < MostInTurn; i++)
            {
                // A refusal is told here, too, and passes.
                var size = RawSockets.Receive(descriptor, Buffer, [], out _, [], out _);
                if (size < 0) return;
                Used = Environment.TickCount64;
                RawSockets.Send(port, Buffer.AsSpan(0, size), address, origin);
            }
        }
    }
}

/// <summary>How many senders of datagrams are remembered.</summary>
/// <param name="most">How many may be.</param>
internal sealed class UdpSenders(int most)
{
    /// <summary>How many may be.</summary>
    internal int Most => most;

    /// <summary>How many are.</summary>
    internal int Count { get; set; }
}

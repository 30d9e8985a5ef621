using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>A connection that is forwarded: two directions, each of which ends by itself.</summary>
internal sealed class TcpFlow : IReadiness
{
    private const uint Wanted = Epoll.Readable | Epoll.Writable | Epoll.PeerClosed | Epoll.Edge;
    private readonly int client;
    private readonly int server;
    private readonly EventLoop loop;
    private readonly Action closed;
    private readonly TcpDirection up;
    private readonly TcpDirection down;
    private bool isConnected;
    private bool isClosed;
    private bool isWaiting;

    /// <summary>Begins to forward.</summary>
    /// <param name="client">The connection that came in.</param>
    /// <param name="server">The one to the container, which is about to be made.</param>
    /// <param name="loop">Tells what happens.</param>
    /// <param name="pipes">Empty pipes.</param>
    /// <param name="closed">Told at the end.</param>
    internal TcpFlow(int client, int server, EventLoop loop, PipePool pipes, Action closed)
    {
        (this.client, this.server, this.loop, this.closed) = (client, server, loop, closed);
        up = new TcpDirection(client, server, pipes);
        down = new TcpDirection(server, client, pipes);
        loop.Add(client, Wanted, this);
        loop.Add(server, Wanted, this);
    }

    /// <inheritdoc/>
    public void OnReady(int descriptor, uint events)
    {
        if (isClosed) return;
        var (from, to) = descriptor == client ? (up, down) : (down, up);
        if ((events & (Epoll.Readable | Epoll.PeerClosed | Epoll.Ended)) != 0) from.IsReadable = true;
        if ((events & (Epoll.Writable | Epoll.Ended)) != 0) to.IsWritable = true;
        if (!isConnected)
        {
            if (descriptor != server || (events & (Epoll.Writable | Epoll.Ended)) == 0) return;
            if (RawSockets.Outcome(server) != Errno.None)
            {
                Close(isOrderly: false);
                return;
            }
            isConnected = true;
        }
        Move();
    }

    private void Continue()
    {
        isWaiting = false;
        if (!isClosed) Move();
    }

    private void Move()
    {
        var (first, second) = (up.Move(), down.Move());
        if (first == Progress.Failed || second == Progress.Failed) Close(isOrderly: false);
        else if (up.IsFinished && down.IsFinished) Close(isOrderly: true);
        else if ((first == Progress.More || second == Progress.More) && !isWaiting)
        {
            isWaiting = true;
            loop.Yield(Continue);
        }
    }

    private void Close(bool isOrderly)
    {
        isClosed = true;
        up.Dispose();
        down.Dispose();
        foreach (var descriptor in (ReadOnlySpan<int>)[client, server])
        {
            loop.Forget(descriptor);
            if (isOrderly) Descriptors.Close(descriptor);
            else RawSockets.Abort(descriptor);
        }
        closed();
    }
}

using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>A socket at which connections come in.</summary>
/// <param name="descriptor">The socket.</param>
/// <param name="open">Takes a connection; tells whether there is room for another one.</param>
/// <param name="isFull">Told when the host has no descriptors left.</param>
internal sealed class TcpPort(int descriptor, Func<int, bool> open, Action isFull) : IReadiness
{
    private const int MostInTurn = 64;

    /// <summary>The socket.</summary>
    internal int Descriptor => descriptor;

    /// <inheritdoc/>
    public void OnReady(int descriptor, uint events)
    {
        for (var i = 0; i < MostInTurn; i++)
        {
            var client = RawSockets.Accept(descriptor);
            if (client < 0)
            {
                if (LinuxError.Last is Errno.TooManyFiles or Errno.TooManyFilesInSystem) isFull();
                return;
            }
            if (!open(client)) return;
        }
    }
}

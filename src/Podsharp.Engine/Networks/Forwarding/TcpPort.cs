using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>A socket at which connections come in.</summary>
/// <param name="descriptor">The socket.</param>
/// <param name="open">Takes a connection.</param>
/// <param name="fill">Told when there are no descriptors left.</param>
internal sealed class TcpPort(int descriptor, Action<int> open, Action fill) : IReadiness
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
            if (client >= 0)
            {
                open(client);
                continue;
            }
            if (LinuxError.Last is Errno.TooManyFiles or Errno.TooManyFilesInSystem) fill();
            return;
        }
    }

    /// <inheritdoc/>
    public void Continue()
    {
    }
}

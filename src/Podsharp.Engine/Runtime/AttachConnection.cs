using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>A connection to the attach socket that conmon serves in a bundle. Packets to us begin with a byte for the stream (2 output,
/// 3 error); what we send is input as it is.</summary>
internal sealed class AttachConnection : ContainerStream
{
    private const int LargestPacket = 32768;
    private const byte OutputMark = 2;
    private const byte ErrorMark = 3;

    private readonly Socket socket;
    private readonly string bundleDirectory;
    private readonly AttachOptions options;
    private bool reset;

    private AttachConnection(Socket socket, string bundleDirectory, AttachOptions options)
    {
        this.socket = socket;
        this.bundleDirectory = bundleDirectory;
        this.options = options;
    }

    /// <summary>Connects, before the start so as to miss nothing.</summary>
    /// <exception cref="ContainerEngineException">InvalidState where no conmon serves this bundle.</exception>
    internal static AttachConnection Open(string bundleDirectory, AttachOptions options)
    {
        try
        {
            var connection = new AttachConnection(Sockets.ConnectIn(bundleDirectory, "attach"), bundleDirectory, options);
            if (options.Size is { } size)
                ControlPipe.Resize(bundleDirectory, size);
            return connection;
        }
        catch (SocketException exception)
        {
            throw new ContainerEngineException(ErrorKind.InvalidState, "NotAttachable", "the container's streams can't be reached, it does not run",
                bundleDirectory, null, exception);
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<OutputChunk> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // One byte more than conmon's largest read: a packet that does not fit is cut without a word.
        var buffer = new byte[LargestPacket + 1];
        while (await ReceiveAsync(buffer, cancellationToken) is > 0 and var length)
        {
            if (buffer[0] == OutputMark ? options.Output : buffer[0] == ErrorMark && options.Error)
                yield return new OutputChunk(buffer[0] == OutputMark ? OutputStream.Output : OutputStream.Error, buffer[1..length]);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        while (!data.IsEmpty)
        {
            var packet = data[..Math.Min(data.Length, LargestPacket)];
            try
            {
                await socket.SendAsync(packet, SocketFlags.None, cancellationToken);
            }
            catch (SocketException)
            {
                // The container has ended: as with a closed pipe, its reader is gone, and the output's end tells so.
                return;
            }
            data = data[packet.Length..];
        }
    }

    /// <inheritdoc/>
    public override ValueTask CloseInputAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Already gone.
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask ResizeAsync(TerminalSize size, CancellationToken cancellationToken = default)
    {
        ControlPipe.Resize(bundleDirectory, size);
        return ValueTask.CompletedTask;
    }

    /// <summary>Disconnects.</summary>
    internal void Close() => socket.Dispose();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<int> ReceiveAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        while (true)
            try
            {
                return await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset && !reset)
            {
                // conmon closed with input unread. The kernel reports that once, before the packets that conmon had sent (unix(7)).
                reset = true;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                return 0;
            }
    }
}

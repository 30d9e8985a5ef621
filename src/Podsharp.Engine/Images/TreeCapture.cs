using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Images;

/// <summary>Makes a layer of a tar that is written here and now: it is unpacked into the store's staging while it is being written, and is
/// never a file of its own.</summary>
internal static class TreeCapture
{
    private const int BlocksInFlight = 8;

    /// <summary>Writes the tar on a thread of its own and unpacks it on the caller's, which is blocked meanwhile.</summary>
    /// <param name="staging">Where it goes.</param>
    /// <param name="write">Writes the whole tar; stopped by the token.</param>
    /// <param name="cancellationToken">Stops both.</param>
    internal static UnpackResult Run(LayerStaging staging, Action<Stream, CancellationToken> write, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var pipe = new BlockPipe(BlocksInFlight, stop.Token);
        Exception? failure = null;
        var writer = new Thread(() =>
        {
            try
            {
                write(new BlockPipeWriter(pipe), stop.Token);
                pipe.Complete();
            }
            catch (Exception error)
            {
                failure = error;
                pipe.Complete(error);
            }
        })
        { IsBackground = true, Name = "podsharp archive" };
        writer.Start();
        try
        {
            using var tar = new BlockPipeStream(pipe);
            return staging.Unpack(tar, cancellationToken);
        }
        catch (IOException error) when (error.InnerException is { } cause && cause == Volatile.Read(ref failure))
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
            throw;
        }
        finally
        {
            stop.Cancel();
            writer.Join();
        }
    }
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Podsharp.Engine.Images;

/// <summary>Turns work that tells how far it is into a sequence of what it tells.</summary>
internal static class ProgressSequence
{
    /// <summary>Runs work. Its error ends the sequence; leaving the sequence early cancels the work and waits for its end.</summary>
    internal static async IAsyncEnumerable<T> Of<T>(Func<ChannelWriter<T>, CancellationToken, Task> work, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class
    {
        var channel = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Task.Run(() => RunAsync(work, channel.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var record in channel.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return record;
            }
        }
        finally
        {
            // Also when the caller stops looking: the work is over, and what it staged gone, before we are.
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>Never fails: an error travels through the channel.</summary>
    private static async Task RunAsync<T>(Func<ChannelWriter<T>, CancellationToken, Task> work, ChannelWriter<T> output, CancellationToken cancellationToken) where T : class
    {
        try
        {
            await work(output, cancellationToken);
            output.TryComplete();
        }
        catch (Exception error)
        {
            output.TryComplete(error);
        }
    }
}

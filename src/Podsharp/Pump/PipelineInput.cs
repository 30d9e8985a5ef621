using System.Text;
using System.Threading.Channels;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>Pipeline objects on their way to a command's standard input: strings as lines of UTF-8, byte arrays as they are.</summary>
internal sealed class PipelineInput
{
    private const int High = 512;

    private readonly Channel<byte[]> data = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private int waiting;
    private bool ended;

    /// <summary>Whether the command reads slower than the pipeline brings.</summary>
    public bool IsFull => !Volatile.Read(ref ended) && Volatile.Read(ref waiting) >= High;

    /// <summary>Adds an object. Pipeline thread only.</summary>
    public void Add(object value)
    {
        Interlocked.Increment(ref waiting);
        data.Writer.TryWrite(value as byte[] ?? Encoding.UTF8.GetBytes(value + "\n"));
    }

    /// <summary>Ends the input.</summary>
    public void Complete() => data.Writer.TryComplete();

    /// <summary>Sends everything to a command, then ends its input. A command that no longer reads is no error.</summary>
    /// <param name="stream">The command.</param>
    /// <param name="wake">Called when there is room again, and at the end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task SendAsync(ContainerStream stream, Action wake, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var bytes in data.Reader.ReadAllAsync(cancellationToken))
            {
                if (Interlocked.Decrement(ref waiting) == High / 2)
                    wake();
                await stream.WriteAsync(bytes, cancellationToken);
            }
            await stream.CloseInputAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or ContainerEngineException)
        {
            // The command has closed its input or ended: its exit code tells the rest.
        }
        finally
        {
            Volatile.Write(ref ended, true);
            wake();
        }
    }
}

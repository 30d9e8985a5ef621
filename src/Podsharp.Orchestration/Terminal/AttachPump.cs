using Podsharp.Model;

namespace Podsharp.Orchestration.Terminal;

/// <summary>Carries bytes between a user's streams and a container's, until the container's output ends or the user detaches.</summary>
/// <param name="container">The container's streams; the caller disposes them.</param>
public sealed class AttachPump(ContainerStream container)
{
    private const int BufferSize = 32 * 1024;

    /// <summary>Where the user types; null sends no input. Its reads must be cancellable, or a read may outlive the pump.</summary>
    public Stream? Input { get; init; }
    /// <summary>Where standard output goes; null drops it.</summary>
    public Stream? Output { get; init; }
    /// <summary>Where standard error goes; null drops it.</summary>
    public Stream? Error { get; init; }
    /// <summary>The keys that detach; null for none.</summary>
    public DetachKeys? DetachKeys { get; init; }

    /// <summary>Runs until the end. Input that ends closes the container's; a container that no longer reads is no error.</summary>
    public async Task<AttachEnd> RunAsync(CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var output = CopyOutputAsync(stop.Token);
        var input = Input is null ? null : CopyInputAsync(Input, stop.Token);
        try
        {
            if (input is not null && await Task.WhenAny(output, input) == input && await input)
                return AttachEnd.Detached;
            await output;
            return AttachEnd.Ended;
        }
        finally
        {
            await stop.CancelAsync();
            await Settle(output);
        }
    }

    private async Task CopyOutputAsync(CancellationToken cancellationToken)
    {
        await foreach (var chunk in container.ReadAllAsync(cancellationToken))
        {
            var target = chunk.Stream == OutputStream.Error ? Error : Output;
            if (target is null)
                continue;
            await target.WriteAsync(chunk.Data, cancellationToken);
            await target.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Copies input until its end. Returns whether the user detached.</summary>
    private async Task<bool> CopyInputAsync(Stream input, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var forward = new List<byte>();
        try
        {
            while (true)
            {
                var count = await input.ReadAsync(buffer, cancellationToken);
                if (count == 0)
                {
                    await container.CloseInputAsync(cancellationToken);
                    return false;
                }
                if (DetachKeys is null)
                {
                    await container.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                    continue;
                }
                forward.Clear();
                var detach = DetachKeys.Filter(buffer.AsSpan(0, count), forward);
                if (forward.Count > 0)
                    await container.WriteAsync(forward.ToArray(), cancellationToken);
                if (detach)
                    return true;
            }
        }
        catch (Exception e) when (e is IOException or ContainerEngineException or OperationCanceledException or ObjectDisposedException)
        {
            // The container has stopped reading, or it is over: its output tells the rest.
            return false;
        }
    }

    /// <summary>Waits for a copy that was told to stop, so that nothing is written behind the caller's back.</summary>
    private static async Task Settle(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ContainerEngineException or ObjectDisposedException)
        {
            // A stopped copy may end so; if it failed before, the caller has the error already.
        }
    }
}

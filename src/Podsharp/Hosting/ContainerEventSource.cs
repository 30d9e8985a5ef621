using Podsharp.Model;

namespace Podsharp;

/// <summary>Raises .NET events for the events of an engine: what a subscription of Register-ContainerEvent listens to.</summary>
/// <remarks>It reads from the moment when it is made, so nothing is lost before the first handler is there, and ends with its last handler:
/// PowerShell takes that away when the subscription ends, however that comes about.</remarks>
public sealed class ContainerEventSource
{
    private static readonly HashSet<ContainerEventSource> Running = [];

    private readonly Lock gate = new();
    private readonly CancellationTokenSource cancellation = new();
    private readonly IAsyncEnumerator<EngineEvent> events;
    private readonly Task<bool> first;
    private EventHandler<ContainerEventArgs>? handlers;
    private int left;

    private ContainerEventSource(Func<CancellationToken, IAsyncEnumerable<EngineEvent>> open, int limit)
    {
        left = limit > 0 ? limit : int.MaxValue;
        events = open(cancellation.Token).GetAsyncEnumerator(cancellation.Token);
        // The engine settles in this call where it begins.
        first = events.MoveNextAsync().AsTask();
    }

    /// <summary>An event of the engine.</summary>
    public event EventHandler<ContainerEventArgs> Happened
    {
        add
        {
            lock (gate)
            {
                if (handlers is null && !IsRunning)
                    Begin();
                handlers += value;
            }
        }
        remove
        {
            lock (gate)
            {
                handlers -= value;
                if (handlers is null)
                    Stop();
            }
        }
    }

    /// <summary>Whether it is still reading.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Begins to read.</summary>
    /// <param name="open">Asks the engine for events.</param>
    /// <param name="limit">How many to raise; 0 is all. PowerShell would queue those that come before its own limit has ended a subscription.</param>
    /// <exception cref="ContainerEngineException">The engine can't, or there is no such filter.</exception>
    internal static async Task<ContainerEventSource> OpenAsync(Func<CancellationToken, IAsyncEnumerable<EngineEvent>> open, int limit)
    {
        var source = new ContainerEventSource(open, limit);
        if (source.first.IsFaulted)
            await source.first;
        return source;
    }

    /// <summary>Ends all: the module goes.</summary>
    internal static void StopAll()
    {
        ContainerEventSource[] sources;
        lock (Running)
            sources = [.. Running];
        foreach (var source in sources)
            source.Stop();
    }

    /// <summary>Ends the reading.</summary>
    internal void Stop() => cancellation.Cancel();

    private void Begin()
    {
        IsRunning = true;
        lock (Running)
            Running.Add(this);
        _ = Task.Run(PumpAsync);
    }

    private async Task PumpAsync()
    {
        try
        {
            for (var more = await first; more && left > 0; more = left > 0 && await events.MoveNextAsync())
            {
                left--;
                Raise(events.Current);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            // Nobody waits for this task: whoever listens is told in the way in which he is told everything.
            Raise(new EngineEvent { Type = "system", Status = "error", Time = DateTimeOffset.Now, Error = error.Message });
        }
        finally
        {
            await events.DisposeAsync();
            IsRunning = false;
            lock (Running)
                Running.Remove(this);
        }
    }

    private void Raise(EngineEvent happened)
    {
        EventHandler<ContainerEventArgs>? now;
        lock (gate)
            now = handlers;
        if (!cancellation.IsCancellationRequested)
            now?.Invoke(this, new ContainerEventArgs(happened));
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Podsharp.Pump;

/// <summary>Carries work from engine tasks to the pipeline thread, the only thread that may call a cmdlet's Write methods.</summary>
/// <remarks>Producers wait without blocking a thread when the pipeline is slower than they are, so that a followed log or a long list doesn't
/// pile up in memory; completions always find room, so that a pump which only waits for the end can't starve.</remarks>
internal sealed class PipelineQueue : IDisposable
{
    private const int Capacity = 256;

    private readonly Queue<Entry> entries = new();
    private readonly SemaphoreSlim room = new(Capacity, Capacity);

    /// <summary>Adds something to run on the pipeline thread; waits for room.</summary>
    public async ValueTask PostAsync(Action action, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken);
        Add(new Entry(action, IsCompletion: false));
    }

    /// <summary>Adds the end of a task; never waits.</summary>
    public void PostCompletion(Action action) => Add(new Entry(action, IsCompletion: true));

    /// <summary>Waits for the next entry. Pipeline thread only.</summary>
    public Entry Take()
    {
        lock (entries)
        {
            Entry? entry;
            while (!entries.TryDequeue(out entry))
                Monitor.Wait(entries);
            return Release(entry);
        }
    }

    /// <summary>The next entry if there is one. Pipeline thread only.</summary>
    public bool TryTake([NotNullWhen(true)] out Entry? entry)
    {
        lock (entries)
        {
            if (!entries.TryDequeue(out entry))
                return false;
            Release(entry);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => room.Dispose();

    private Entry Release(Entry entry)
    {
        if (!entry.IsCompletion)
            room.Release();
        return entry;
    }

    private void Add(Entry entry)
    {
        lock (entries)
        {
            entries.Enqueue(entry);
            Monitor.Pulse(entries);
        }
    }

    /// <summary>Something to run on the pipeline thread.</summary>
    /// <param name="Action">What to run.</param>
    /// <param name="IsCompletion">Whether it tells that a task has ended: run even when the rest is dropped.</param>
    internal sealed record Entry(Action Action, bool IsCompletion);
}

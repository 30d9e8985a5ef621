using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>Hands items from thread to thread; when it is full, who adds waits, when it is empty, who takes waits. One thread takes;
/// several may add as long as there is always room for them.</summary>
/// <remarks>Nobody spins while waiting, as BlockingCollection, SemaphoreSlim and contended locks do: on a busy host every spin gives
/// the processor away, and a pull that hands over thousands of blocks takes several times as long.</remarks>
internal sealed class BoundedQueue<T> : IDisposable
{
    private readonly ConcurrentQueue<T> items = new();
    private readonly AutoResetEvent filled = new(false);
    private readonly AutoResetEvent emptied = new(false);
    private readonly int capacity;
    private readonly CancellationToken cancellationToken;
    private readonly CancellationTokenRegistration registration;
    private TaskCompletionSource? room;
    private TaskCompletionSource? arrival;
    private int count;
    private int takerWaits;
    private int adderWaits;
    private volatile bool completed;

    /// <summary>Creates a queue.</summary>
    /// <param name="capacity">Items that may wait in it.</param>
    /// <param name="cancellationToken">Wakes everybody who waits, with an <see cref="OperationCanceledException"/>.</param>
    internal BoundedQueue(int capacity, CancellationToken cancellationToken)
    {
        this.capacity = capacity;
        this.cancellationToken = cancellationToken;
        registration = cancellationToken.UnsafeRegister(static queue => ((BoundedQueue<T>)queue!).WakeAll(), this);
    }

    private bool IsFull => Volatile.Read(ref count) >= capacity;

    /// <summary>Adds an item, blocking while there is no room.</summary>
    internal void Add(T item)
    {
        while (IsFull)
        {
            // Said first and looked again afterwards: who takes does it the other way round, so one of the two sees the other.
            Interlocked.Exchange(ref adderWaits, 1);
            if (IsFull && !cancellationToken.IsCancellationRequested)
                emptied.WaitOne();
            cancellationToken.ThrowIfCancellationRequested();
        }
        Enqueue(item);
    }

    /// <summary>Adds an item when there is room. One caller at a time.</summary>
    internal async ValueTask AddAsync(T item)
    {
        while (IsFull)
        {
            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref room, waiting);
            if (IsFull && !cancellationToken.IsCancellationRequested)
                await waiting.Task;
            cancellationToken.ThrowIfCancellationRequested();
        }
        Enqueue(item);
    }

    /// <summary>Says that nothing more comes.</summary>
    internal void Complete()
    {
        completed = true;
        filled.Set();
        Interlocked.Exchange(ref arrival, null)?.TrySetResult();
    }

    /// <summary>Takes an item, blocking while there is none; false when nothing more comes.</summary>
    internal bool TryTake([MaybeNullWhen(false)] out T item)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTakeNow(out item))
                return true;
            if (completed)
                return TryTakeNow(out item); // what was added between the two looks
            Interlocked.Exchange(ref takerWaits, 1);
            if (items.IsEmpty && !completed && !cancellationToken.IsCancellationRequested)
                filled.WaitOne();
        }
    }

    /// <summary>Waits until there is an item to take; false when nothing more comes. One caller at a time.</summary>
    internal async ValueTask<bool> WaitToTakeAsync()
    {
        while (items.IsEmpty)
        {
            if (completed)
                return !items.IsEmpty; // what was added between the two looks
            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref arrival, waiting);
            if (items.IsEmpty && !completed && !cancellationToken.IsCancellationRequested)
                await waiting.Task;
            cancellationToken.ThrowIfCancellationRequested();
        }
        return true;
    }

    /// <summary>Takes what is there without waiting.</summary>
    internal bool TryTakeNow([MaybeNullWhen(false)] out T item)
    {
        if (!items.TryDequeue(out item))
            return false;
        Interlocked.Decrement(ref count);
        WakeAdder();
        return true;
    }

    /// <summary>Call when both sides have ended.</summary>
    public void Dispose()
    {
        registration.Dispose();
        filled.Dispose();
        emptied.Dispose();
    }

    private void Enqueue(T item)
    {
        Interlocked.Increment(ref count);
        items.Enqueue(item);
        if (Interlocked.Exchange(ref takerWaits, 0) != 0)
            filled.Set();
        if (Volatile.Read(ref arrival) is not null)
            Interlocked.Exchange(ref arrival, null)?.TrySetResult();
    }

    private void WakeAdder()
    {
        if (Volatile.Read(ref adderWaits) != 0 && Interlocked.Exchange(ref adderWaits, 0) != 0)
            emptied.Set();
        if (Volatile.Read(ref room) is not null)
            Interlocked.Exchange(ref room, null)?.TrySetResult();
    }

    private void WakeAll()
    {
        filled.Set();
        emptied.Set();
        Interlocked.Exchange(ref room, null)?.TrySetResult();
        Interlocked.Exchange(ref arrival, null)?.TrySetResult();
    }
}

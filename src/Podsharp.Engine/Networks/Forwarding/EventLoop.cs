using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks.Forwarding;

/// <summary>What happens on a descriptor is told to this.</summary>
internal interface IReadiness
{
    /// <summary>Something has happened.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events">What (<see cref="Epoll"/>).</param>
    void OnReady(int descriptor, uint events);
}

/// <summary>Tells objects what happens on their descriptors, on one thread.</summary>
internal sealed class EventLoop
{
    private readonly Epoll epoll = new();
    // By descriptor. A number that is closed and given anew within a turn must not get the former one's events: hence the round.
    private readonly Dictionary<int, Entry> entries = [];
    private Queue<Action> again = new();
    private Queue<Action> next = new();
    private uint round;

    /// <summary>Adds a descriptor.</summary>
    internal void Add(int descriptor, uint events, IReadiness owner)
    {
        round++;
        entries[descriptor] = new Entry(owner, round);
        epoll.Add(descriptor, events, ((ulong)round << 32) | (uint)descriptor);
    }

    /// <summary>Removes a descriptor that stays open.</summary>
    internal void Remove(int descriptor)
    {
        entries.Remove(descriptor);
        epoll.Remove(descriptor);
    }

    /// <summary>Forgets a descriptor that is about to be closed, which takes it out of the kernel's list.</summary>
    internal void Forget(int descriptor) => entries.Remove(descriptor);

    /// <summary>Lets others have their turn before this is done.</summary>
    internal void Yield(Action work) => next.Enqueue(work);

    /// <summary>Waits for something to happen, and has it dealt with.</summary>
    /// <param name="milliseconds">How long to wait; -1 for without end.</param>
    internal void Turn(int milliseconds)
    {
        var count = epoll.Wait(next.Count > 0 ? 0 : milliseconds);
        for (var i = 0; i < count; i++)
        {
            var (events, data) = epoll.Event(i);
            var descriptor = (int)(uint)data;
            if (entries.TryGetValue(descriptor, out var entry) && entry.Round == (uint)(data >> 32)) entry.Owner.OnReady(descriptor, events);
        }
        (again, next) = (next, again);
        while (again.TryDequeue(out var work)) work();
    }

    private sealed record Entry(IReadiness Owner, uint Round);
}

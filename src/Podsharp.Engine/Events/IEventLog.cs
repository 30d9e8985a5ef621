using Podsharp.Model;

namespace Podsharp.Engine.Events;

/// <summary>Where events are kept.</summary>
internal interface IEventLog
{
    /// <summary>Adds an event. Its time is now unless it has one.</summary>
    /// <remarks>A failure is the caller's to weigh: what happened has happened.</remarks>
    void Append(EngineEvent happened);

    /// <summary>Reads events in their order; with follow waits for more until cancelled or the query's end of time. Where a follower
    /// begins is settled when the first step of the enumeration returns: all that is written after that is seen.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: no events are kept, or they can't be read here; InvalidArgument: no such filter.</exception>
    IAsyncEnumerable<EngineEvent> ReadAsync(EventQuery query, CancellationToken cancellationToken = default);
}

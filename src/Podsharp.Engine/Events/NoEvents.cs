using Podsharp.Model;

namespace Podsharp.Engine.Events;

/// <summary>Events that nobody keeps: podman's backend "none".</summary>
internal sealed class NoEvents : IEventLog
{
    /// <inheritdoc/>
    public void Append(EngineEvent happened)
    {
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<EngineEvent> ReadAsync(EventQuery query, CancellationToken cancellationToken = default) =>
        throw EngineErrors.Unsupported("cannot read events with the \"none\" backend", null, "use the events backend \"file\" or \"journald\"");
}

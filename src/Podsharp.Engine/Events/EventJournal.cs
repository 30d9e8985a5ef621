using System.Runtime.CompilerServices;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Events;

/// <summary>Events in systemd's journal, among podman's: both engines read both.</summary>
/// <param name="user">The user on the host whose entries are read: anybody can write entries with such fields.</param>
internal sealed class EventJournal(uint user) : IEventLog
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public void Append(EngineEvent happened) =>
        Journal.Send(JournalEntry.Format(happened.Time == default ? happened with { Time = DateTimeOffset.Now } : happened));

    /// <inheritdoc/>
    public async IAsyncEnumerable<EngineEvent> ReadAsync(EventQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var filter = new EventFilter(query);
        using var journal = Journal.TryOpen($"SYSLOG_IDENTIFIER={JournalEntry.Identifier}", $"_UID={user}")
            ?? throw EngineErrors.Unsupported("the journal can't be read: libsystemd is not installed", null, "install libsystemd");
        Begin(journal, query);
        while (true)
        {
            // Asked before reading: what was sent until now is then surely read below.
            var over = !query.Follow || (query.Until is { } until && DateTimeOffset.UtcNow > until);
            if (over)
                await JournalService.SettleAsync(cancellationToken);
            while (journal.Next())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (JournalEntry.Parse(journal.Field) is { } happened && filter.Matches(happened))
                    yield return happened;
            }
            if (over)
                yield break;
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private static void Begin(Journal journal, EventQuery query)
    {
        if (query.Since is { } since)
        {
            // Entries are made after what they tell of.
            journal.Seek(since);
        }
        else if (query.Follow)
        {
            journal.SeekEnd();
            // Onto the last entry; where there is none, whatever comes is new. (Behind the end of nothing, libsystemd would stay there.)
            if (!journal.Previous())
                journal.SeekStart();
        }
        else
        {
            journal.SeekStart();
        }
    }
}

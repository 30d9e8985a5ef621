using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>A container's lines in systemd's journal, with the fields that conmon gives them (podman's own reader knows the same ones).</summary>
internal sealed class JournalLog : ILogSource
{
    private readonly Journal journal;

    private JournalLog(Journal journal) => this.journal = journal;

    /// <summary>Opens it.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="user">The user on the host whose conmon writes: anybody can write entries with such fields.</param>
    /// <exception cref="ContainerEngineException">Unsupported: this host can't read journals.</exception>
    internal static JournalLog Open(string containerId, uint user) => Journal.TryOpen($"CONTAINER_ID_FULL={containerId}", $"_UID={user}") is { } journal
        ? new JournalLog(journal)
        : throw EngineErrors.Unsupported("the journal can't be read: libsystemd is not installed", containerId, "install libsystemd");

    /// <inheritdoc/>
    public IReadOnlyList<LogLine> Begin(LogQuery query)
    {
        if (query.Tail is null)
        {
            if (query.Since is { } since)
                journal.Seek(since);
            else
                journal.SeekStart();
            return [];
        }
        journal.SeekEnd();
        ulong steps = 0;
        var lines = LogTail.Read(Backwards(), query);
        // Back to the last entry: what follows it is read next.
        if (steps > 1)
            journal.Skip(steps - 1);
        return lines;

        IEnumerable<LogLine> Backwards()
        {
            while (journal.Previous())
            {
                steps++;
                if (TryParse(out var line))
                    yield return line;
            }
        }
    }

    /// <inheritdoc/>
    public bool TryReadLine(out LogLine line)
    {
        while (journal.Next())
        {
            if (TryParse(out line))
                return true;
        }
        line = default;
        return false;
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(CancellationToken cancellationToken) => JournalService.SettleAsync(cancellationToken);

    private bool TryParse(out LogLine line)
    {
        line = default;
        OutputStream stream;
        switch (journal.Field("PRIORITY"))
        {
            case [(byte)'6']:
                stream = OutputStream.Output;
                break;
            case [(byte)'3']:
                stream = OutputStream.Error;
                break;
            default:
                return false;
        }
        if (journal.Field("MESSAGE") is not { } text)
            return false;
        var end = text.Length > 0 && text[^1] == '\n' ? text.Length - 1 : text.Length;
        line = new LogLine(journal.Time, stream, journal.Field("CONTAINER_PARTIAL_MESSAGE") is not null, text.AsMemory(0, end));
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => journal.Dispose();
}

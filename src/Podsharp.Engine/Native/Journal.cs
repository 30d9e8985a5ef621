using System.Runtime.InteropServices;
using System.Text;

namespace Podsharp.Engine.Native;

/// <summary>systemd's journal of this host through libsystemd (sd-journal(3), sd_journal_sendv(3)): it reads the entries that have certain
/// fields, and adds some.</summary>
internal sealed unsafe partial class Journal : IDisposable
{
    // The soname; the name without a number comes with the development package only.
    private const string Library = "libsystemd.so.0";
    private const int LocalOnly = 1;

    private nint handle;

    private Journal(nint handle) => this.handle = handle;

    /// <summary>Whether this host's journal can be written and read from here.</summary>
    internal static bool IsUsable => JournalService.IsThere && NativeLibrary.TryLoad(Library, out _);

    /// <summary>Adds an entry. Where no journal's service runs any more it is lost without a word, as libsystemd has it.</summary>
    /// <param name="fields">Name and value; a value may be of any length and have line ends.</param>
    /// <exception cref="LinuxException">It isn't taken.</exception>
    internal static void Send(IReadOnlyList<(string Name, string Value)> fields)
    {
        var entries = fields.Select(field => Encoding.UTF8.GetBytes($"{field.Name}={field.Value}")).ToArray();
        var whole = new byte[entries.Sum(entry => entry.Length)];
        var vectors = stackalloc IoVector[entries.Length];
        fixed (byte* start = whole)
        {
            var offset = 0;
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i].CopyTo(whole, offset);
                vectors[i] = new() { Start = start + offset, Length = (nuint)entries[i].Length };
                offset += entries[i].Length;
            }
            Check(sd_journal_sendv(vectors, entries.Length), "write to");
        }
    }

    /// <summary>Opens the journal; null where the host has no libsystemd.</summary>
    /// <param name="matches">FIELD=value: all must hold.</param>
    /// <exception cref="LinuxException">It can't be read.</exception>
    internal static Journal? TryOpen(params ReadOnlySpan<string> matches)
    {
        nint opened = 0;
        try
        {
            Check(sd_journal_open(&opened, LocalOnly), "open");
        }
        catch (DllNotFoundException)
        {
            return null;
        }
        var journal = new Journal(opened);
        try
        {
            foreach (var match in matches)
            {
                var bytes = Encoding.UTF8.GetBytes(match);
                fixed (byte* data = bytes)
                    Check(sd_journal_add_match(opened, data, (nuint)bytes.Length), "read");
            }
            // Long fields as a whole.
            Check(sd_journal_set_data_threshold(opened, 0), "read");
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>The time of the current entry.</summary>
    internal DateTimeOffset Time
    {
        get
        {
            ulong microseconds;
            Check(sd_journal_get_realtime_usec(handle, &microseconds), "read");
            return DateTimeOffset.UnixEpoch.AddTicks((long)microseconds * TimeSpan.TicksPerMicrosecond);
        }
    }

    /// <summary>Goes before the first entry.</summary>
    internal void SeekStart() => Check(sd_journal_seek_head(handle), "read");

    /// <summary>Goes before the first entry that is not older.</summary>
    internal void Seek(DateTimeOffset time) =>
        Check(sd_journal_seek_realtime_usec(handle, (ulong)Math.Max(0, (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)), "read");

    /// <summary>Goes behind the last entry.</summary>
    internal void SeekEnd() => Check(sd_journal_seek_tail(handle), "read");

    /// <summary>Goes to the next entry.</summary>
    /// <returns>False where there is none, for now.</returns>
    internal bool Next()
    {
        if (Check(sd_journal_next(handle), "read") > 0)
            return true;
        // Takes notice of files that have come or grown.
        _ = Check(sd_journal_wait(handle, 0), "read");
        return Check(sd_journal_next(handle), "read") > 0;
    }

    /// <summary>Goes forward by a number of entries.</summary>
    internal void Skip(ulong count) => Check(sd_journal_next_skip(handle, count), "read");

    /// <summary>Goes to the entry before.</summary>
    internal bool Previous() => Check(sd_journal_previous(handle), "read") > 0;

    /// <summary>A field of the current entry; null where it has none of that name.</summary>
    internal byte[]? Field(string name)
    {
        byte* data;
        nuint length;
        var result = sd_journal_get_data(handle, name, &data, &length);
        if (result == -(int)Errno.NoEntry)
            return null;
        Check(result, "read");
        // NAME=value
        return new ReadOnlySpan<byte>(data, (int)length)[(name.Length + 1)..].ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (handle != 0)
            sd_journal_close(handle);
        handle = 0;
    }

    private static int Check(int result, string action) => result >= 0 ? result : throw LinuxError.Create((Errno)(-result), action, "the journal");

    private struct IoVector
    {
        internal byte* Start;
        internal nuint Length;
    }

    [LibraryImport(Library)]
    private static partial int sd_journal_sendv(IoVector* fields, int count);

    [LibraryImport(Library)]
    private static partial int sd_journal_open(nint* journal, int flags);

    [LibraryImport(Library)]
    private static partial void sd_journal_close(nint journal);

    [LibraryImport(Library)]
    private static partial int sd_journal_add_match(nint journal, byte* data, nuint size);

    [LibraryImport(Library)]
    private static partial int sd_journal_set_data_threshold(nint journal, nuint size);

    [LibraryImport(Library)]
    private static partial int sd_journal_seek_head(nint journal);

    [LibraryImport(Library)]
    private static partial int sd_journal_seek_tail(nint journal);

    [LibraryImport(Library)]
    private static partial int sd_journal_seek_realtime_usec(nint journal, ulong microseconds);

    [LibraryImport(Library)]
    private static partial int sd_journal_next(nint journal);

    [LibraryImport(Library)]
    private static partial int sd_journal_next_skip(nint journal, ulong count);

    [LibraryImport(Library)]
    private static partial int sd_journal_previous(nint journal);

    [LibraryImport(Library)]
    private static partial int sd_journal_wait(nint journal, ulong microseconds);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sd_journal_get_data(nint journal, string field, byte** data, nuint* length);

    [LibraryImport(Library)]
    private static partial int sd_journal_get_realtime_usec(nint journal, ulong* microseconds);
}

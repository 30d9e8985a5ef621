using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>One list of the store on disk: a JSON file, perhaps a second one for volatile records, and the lock that guards
/// both (the protocol of containers/storage).</summary>
/// <remarks>
/// The lock file begins with a token of 64 bytes. Whoever changes the list writes a new token, under the exclusive lock and
/// *before* the new file is renamed into place: a death in between makes readers read again, never trust an old copy.
/// Readers under the shared lock compare token and file identity with what they remember and parse only if they differ.
/// </remarks>
internal sealed class StoreFile<T>(string lockPath, string mainPath, string? volatilePath, RecordParser.RecordReader<T> parse)
    where T : class, IStoreRecord
{
    private readonly string mainPath = mainPath;
    private readonly string? volatilePath = volatilePath;
    private volatile Cached? cached;

    private sealed record Cached(byte[] Token, FileIdentity? Main, FileIdentity? Volatile, StoreSnapshot<T> Snapshot);

    private sealed record FileIdentity(ulong Inode, long Size, FileTime Modified);

    /// <summary>The records now. Takes the shared lock for as long as the look takes.</summary>
    internal StoreSnapshot<T> Read()
    {
        using var reading = BeginRead();
        return reading.Snapshot;
    }

    /// <summary>Takes the shared lock, so that the records stay true until it is let go.</summary>
    internal StoreReading BeginRead()
    {
        // A store that nobody has written yet: nothing is made only to be read.
        if (Files.TryStatus(lockPath) is null)
        {
            if (Files.TryStatus(mainPath) is null)
                return new StoreReading(null, StoreSnapshot<T>.Empty);
        }
        var held = FileLock.Acquire(lockPath, LockMode.Shared);
        try
        {
            return new StoreReading(held, Load(held));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes the exclusive lock.</summary>
    internal StoreWriting BeginWrite()
    {
        var held = FileLock.Acquire(lockPath, LockMode.Exclusive);
        try
        {
            return new StoreWriting(this, held, Load(held));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private StoreSnapshot<T> Load(FileLock held)
    {
        var token = new byte[StoreToken.Length];
        Files.ReadAt(held.Handle, token, 0);
        var main = Identify(mainPath);
        var volatileIdentity = volatilePath is null ? null : Identify(volatilePath);
        if (cached is { } known && known.Main == main && known.Volatile == volatileIdentity && known.Token.AsSpan().SequenceEqual(token))
            return known.Snapshot;
        var records = RecordParser.ParseArray(main is null ? null : Files.TryReadAll(mainPath), mainPath, false, parse);
        if (volatileIdentity is not null)
            records.AddRange(RecordParser.ParseArray(Files.TryReadAll(volatilePath!), volatilePath!, true, parse));
        var snapshot = new StoreSnapshot<T>(records);
        cached = new Cached(token, main, volatileIdentity, snapshot);
        return snapshot;
    }

    private static FileIdentity? Identify(string path) =>
        Files.TryStatus(path) is { } status ? new FileIdentity(status.Inode, status.Size, status.Modified) : null;

    /// <summary>The list under the shared lock.</summary>
    internal sealed class StoreReading(FileLock? held, StoreSnapshot<T> snapshot) : IDisposable
    {
        /// <summary>The records.</summary>
        internal StoreSnapshot<T> Snapshot { get; } = snapshot;

        /// <summary>Lets the lock go.</summary>
        public void Dispose() => held?.Dispose();
    }

    /// <summary>The list under the exclusive lock.</summary>
    internal sealed class StoreWriting(StoreFile<T> file, FileLock held, StoreSnapshot<T> snapshot) : IDisposable
    {
        /// <summary>The records as they stand, changes of this writer included.</summary>
        internal StoreSnapshot<T> Snapshot { get; private set; } = snapshot;

        /// <summary>Replaces the list.</summary>
        internal void Save(IReadOnlyList<T> records)
        {
            using var prepared = Prepare(records);
            prepared.Apply();
        }

        /// <summary>Writes the new list beside the old one; <see cref="PreparedSave.Apply"/> makes it count. Lists that have to change
        /// one after the other are all prepared first, made durable together, and then applied with next to no time in between.</summary>
        internal PreparedSave Prepare(IReadOnlyList<T> records)
        {
            var files = new FileBatch();
            try
            {
                AddFile(files, file.mainPath, records, isVolatile: false);
                if (file.volatilePath is not null)
                    AddFile(files, file.volatilePath, records, isVolatile: true);
                return new PreparedSave(this, records, files);
            }
            catch
            {
                files.Dispose();
                throw;
            }
        }

        /// <summary>Lets the lock go.</summary>
        public void Dispose() => held.Dispose();

        private void AddFile(FileBatch files, string path, IReadOnlyList<T> records, bool isVolatile)
        {
            var now = records.Where(record => record.IsVolatile == isVolatile).ToList();
            var before = Snapshot.Records.Where(record => record.IsVolatile == isVolatile);
            if (!now.SequenceEqual(before, (IEqualityComparer<T>)ReferenceEqualityComparer.Instance))
                files.Add(path, RecordEditor.Join(now), durable: !isVolatile);
        }

        internal void Apply(PreparedSave save)
        {
            if (save.Files.IsEmpty)
                return;
            FileBatch.Sync(save.Files);
            var token = StoreToken.New();
            Files.WriteAt(held.Handle, token, 0);
            save.Files.Apply();
            Snapshot = new StoreSnapshot<T>(save.Records);
            file.cached = new Cached(token, Identify(file.mainPath), file.volatilePath is null ? null : Identify(file.volatilePath), Snapshot);
        }
    }

    /// <summary>A list that is written but doesn't count yet.</summary>
    internal sealed class PreparedSave(StoreWriting writing, IReadOnlyList<T> records, FileBatch files) : IDisposable
    {
        /// <summary>The list.</summary>
        internal IReadOnlyList<T> Records { get; } = records;

        /// <summary>Its files.</summary>
        internal FileBatch Files { get; } = files;

        /// <summary>Makes it count.</summary>
        internal void Apply() => writing.Apply(this);

        /// <summary>Takes it back if it wasn't applied.</summary>
        public void Dispose() => Files.Dispose();
    }
}

using Microsoft.Data.Sqlite;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>The engine's own state: one SQLite database in WAL mode, shared by every process that works on this store.</summary>
/// <remarks>
/// <para>Writers queue on a lock file before BEGIN IMMEDIATE, so nobody polls SQLite's own lock and no read transaction is ever upgraded.
/// Nothing but SQLite opens the database file: closing any descriptor of it would drop SQLite's POSIX locks.</para>
/// <para>A transaction never spans a process start, a mount or the network.</para>
/// <para>Schema changes within a major version only add (tables, columns with defaults): an older binary works on a newer schema.
/// A newer major version is refused in one sentence.</para>
/// </remarks>
internal sealed class StateDatabase : IDisposable
{
    private const int SchemaMajor = 1;
    private const int SchemaMinor = 1;

    private readonly string _file;
    private readonly string _writerLock;
    private readonly Lock _readGate = new();
    private readonly Lock _writeGate = new();
    private SqliteConnection? _reader;
    private SqliteConnection? _writer;
    private Durability? _writerDurability;

    public StateDatabase(string stateDirectory)
    {
        _file = Path.Combine(stateDirectory, "state.db");
        _writerLock = Path.Combine(stateDirectory, "state.db.writer");
    }

    /// <summary>Whether there is a database; without one there are no containers.</summary>
    public bool Exists => File.Exists(_file);

    /// <summary>Reads. The callback must not keep the connection.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_readGate)
        {
            _reader ??= Open();
            return Guard(() => read(_reader));
        }
    }

    /// <summary>Changes the state in one transaction.</summary>
    public T Write<T>(Durability durability, Func<SqliteConnection, SqliteTransaction, T> write, CancellationToken cancellationToken = default)
    {
        lock (_writeGate)
        {
            _writer ??= Open();
            using var queue = FileLock.Acquire(_writerLock, LockMode.Exclusive, cancellationToken);
            return Guard(() =>
            {
                SetDurability(durability);
                using var transaction = _writer.BeginTransaction(deferred: false);
                var result = write(_writer, transaction);
                transaction.Commit();
                return result;
            });
        }
    }

    /// <summary>Changes the state in one transaction.</summary>
    public void Write(Durability durability, Action<SqliteConnection, SqliteTransaction> write, CancellationToken cancellationToken = default) =>
        Write(durability, (connection, transaction) => { write(connection, transaction); return 0; }, cancellationToken);

    /// <summary>Changes whenever another connection, of this or another process, has committed. For caches.</summary>
    public long DataVersion() => Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return (long)command.ExecuteScalar()!;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _writer?.Dispose();
        _reader = _writer = null;
    }

    private void SetDurability(Durability durability)
    {
        if (_writerDurability == durability)
            return;
        Execute(_writer!, durability == Durability.Power ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        _writerDurability = durability;
    }

    private SqliteConnection Open()
    {
        var directory = Path.GetDirectoryName(_file)!;
        if (!Directory.Exists(directory))
            PrivateDirectory.Create(directory);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            return Guard(() =>
            {
                connection.Open();
                Prepare(connection);
                return connection;
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Prepare(SqliteConnection connection)
    {
        Execute(connection, "PRAGMA busy_timeout=30000");
        var version = Version(connection);
        if (version / 1000 > SchemaMajor)
            throw new ContainerEngineException(ErrorKind.Unsupported, "StateTooNew",
                $"the state in {_file} was written by a newer major version of Podsharp (schema {version / 1000})", _file, "update this one");
        if (version >= (SchemaMajor * 1000) + SchemaMinor)
            return;
        using var queue = FileLock.Acquire(_writerLock, LockMode.Exclusive, CancellationToken.None);
        if (Version(connection) >= (SchemaMajor * 1000) + SchemaMinor)
            return;
        Execute(connection, "PRAGMA journal_mode=WAL");
        Execute(connection, "PRAGMA synchronous=FULL");
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, StateSchema.Sql, transaction);
        Execute(connection, $"PRAGMA user_version={(SchemaMajor * 1000) + SchemaMinor}", transaction);
        transaction.Commit();
        PrivateDirectory.RestrictFile(_file);
    }

    private static long Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 13)
        {
            throw new ContainerEngineException(ErrorKind.StorageFull, "StorageFull", $"no space left for the state in {_file}", _file,
                "free some space on that file system", e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 8 or 14 or 23)
        {
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "StateNotWritable", $"the state in {_file} can't be opened or written", _file,
                "run as the user that owns it", e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 11 or 26)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "StateCorrupt", $"the state in {_file} is damaged ({e.Message})", _file,
                "restore it from a backup, or move it away and remove the containers listed by 'podman ps -a --external'", e);
        }
    }
}

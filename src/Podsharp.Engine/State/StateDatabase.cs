using Microsoft.Data.Sqlite;
using Podsharp.Engine.Native;
using Podsharp.Model;
using SQLitePCL;

namespace Podsharp.Engine.State;

/// <summary>The engine's own state: one SQLite database in WAL mode, shared by every process that works on this store.</summary>
/// <remarks>
/// <para>Writers queue on a lock file before BEGIN IMMEDIATE, so nobody polls SQLite's own lock and no read transaction is ever upgraded.
/// Nothing but SQLite opens the database file: closing any descriptor of it would drop SQLite's POSIX locks.</para>
/// <para>One connection a process: transactions are short, and a second connection would cost a start more than it saves.</para>
/// <para>A transaction never spans a process start, a mount or the network.</para>
/// <para>Schema changes within a major version only add (tables, columns with defaults): an older binary works on a newer schema.
/// A newer major version is refused in one sentence.</para>
/// </remarks>
internal sealed class StateDatabase : IDisposable
{
    private const int SchemaMajor = 1;
    private const int SchemaMinor = 11;
    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE

    private readonly string _file;
    private readonly string _writerLock;
    private readonly Lock _gate = new();
    private SqliteConnection? _connection;
    private Durability? _durability;

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
        lock (_gate)
        {
            _connection ??= Open();
            return Guard(() => read(_connection));
        }
    }

    /// <summary>Changes the state in one transaction.</summary>
    public T Write<T>(Durability durability, Func<SqliteConnection, SqliteTransaction, T> write, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _connection ??= Open();
            using var queue = FileLock.Acquire(_writerLock, LockMode.Exclusive, cancellationToken);
            return Guard(() =>
            {
                SetDurability(durability);
                using var transaction = _connection.BeginTransaction(deferred: false);
                var result = write(_connection, transaction);
                transaction.Commit();
                return result;
            });
        }
    }

    /// <summary>Changes the state in one transaction.</summary>
    public void Write(Durability durability, Action<SqliteConnection, SqliteTransaction> write, CancellationToken cancellationToken = default) =>
        Write(durability, (connection, transaction) => { write(connection, transaction); return 0; }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    private void SetDurability(Durability durability)
    {
        if (_durability == durability)
            return;
        Execute(_connection!, durability == Durability.Power ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        _durability = durability;
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
        Execute(connection, "PRAGMA busy_timeout=30000; PRAGMA wal_autocheckpoint=150");
        // Without this, every short-lived process that happens to be the last one copies the log back, syncs and deletes it, and the
        // next one makes it anew: two syncs each, for nothing. The log is copied back when it has grown, by whoever commits then;
        // it is kept short, since the first connection of all reads it through.
        raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);
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
        foreach (var (table, column, declaration) in StateSchema.Additions)
        {
            if (!HasColumn(connection, table, column, transaction))
                Execute(connection, $"ALTER TABLE {table} ADD COLUMN {column} {declaration}", transaction);
        }
        Execute(connection, StateSchema.Indexes, transaction);
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

    private static bool HasColumn(SqliteConnection connection, string table, string column, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT EXISTS(SELECT 1 FROM pragma_table_info($table) WHERE name=$column)";
        command.Parameters.AddWithValue("$table", table);
        command.Parameters.AddWithValue("$column", column);
        return (long)command.ExecuteScalar()! != 0;
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

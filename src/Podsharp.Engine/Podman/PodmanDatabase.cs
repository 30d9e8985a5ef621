using Microsoft.Data.Sqlite;
using Podsharp.Model;

namespace Podsharp.Engine.Podman;

/// <summary>podman's own state (db.sql, libpod/sqlite_state), read and never written, also while podman is at work on it.</summary>
/// <remarks>Opened read-only: SQLite then takes the shared lock that podman's writers respect, and touches no file. A journal that a killed podman
/// left has to be rolled back by podman: until then the database is refused.</remarks>
internal sealed class PodmanDatabase : IDisposable
{
    private const long KnownSchema = 1;

    private readonly SqliteConnection connection;
    private readonly string path;

    private PodmanDatabase(SqliteConnection connection, string path)
    {
        this.connection = connection;
        this.path = path;
    }

    /// <summary>Opens it.</summary>
    /// <exception cref="ContainerEngineException">NotFound; Unsupported: it is of another schema, or can't be read now.</exception>
    internal static PodmanDatabase Open(string path)
    {
        if (!File.Exists(path))
            throw new ContainerEngineException(ErrorKind.NotFound, "PodmanDatabaseNotFound", $"there is no database of podman at {path}", path,
                "name it, if podman keeps it elsewhere; podman before version 4.8 has another kind");
        var source = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30 };
        var connection = new SqliteConnection(source.ToString());
        try
        {
            connection.Open();
            var database = new PodmanDatabase(connection, path);
            database.CheckSchema();
            return database;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw Unreadable(path, error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The containers, those that others use first.</summary>
    internal IReadOnlyList<PodmanRow> Containers() => Read("SELECT ID, Name, JSON FROM ContainerConfig ORDER BY rowid");

    /// <summary>The volumes by name.</summary>
    internal IReadOnlyList<PodmanRow> Volumes() => Read("SELECT Name, Name, JSON FROM VolumeConfig ORDER BY Name");

    /// <summary>The names of the pods by id.</summary>
    internal IReadOnlyDictionary<string, string> Pods() => Read("SELECT ID, Name, '' FROM PodConfig").ToDictionary(row => row.Id, row => row.Name, StringComparer.Ordinal);

    /// <summary>Whether a container of podman's that runs uses a volume.</summary>
    internal bool IsInUse(string volume)
    {
        using var command = connection.CreateCommand();
        // 3 and 4: running and paused.
        command.CommandText = "SELECT EXISTS(SELECT 1 FROM ContainerVolume v JOIN ContainerState s ON s.ID = v.ContainerID WHERE v.VolumeName = $name AND s.State IN (3, 4))";
        command.Parameters.AddWithValue("$name", volume);
        return (long)command.ExecuteScalar()! != 0;
    }

    public void Dispose() => connection.Dispose();

    private void CheckSchema()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT SchemaVersion FROM DBConfig";
        if (command.ExecuteScalar() is not long version || version != KnownSchema)
            throw EngineErrors.Unsupported($"podman's database {path} has another schema than this version of Podsharp knows", path, "update Podsharp");
    }

    private List<PodmanRow> Read(string sql)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var rows = new List<PodmanRow>();
            while (reader.Read())
                rows.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
            return rows;
        }
        catch (SqliteException error)
        {
            throw Unreadable(path, error);
        }
    }

    private static ContainerEngineException Unreadable(string path, SqliteException error) => new(ErrorKind.Unsupported, "PodmanDatabaseUnreadable",
        $"podman's database {path} can't be read: {error.Message}", path, "have podman put it in order (podman ps), then try again", error);
}

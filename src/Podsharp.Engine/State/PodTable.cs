using Microsoft.Data.Sqlite;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>The pods' rows, and which container is in which pod.</summary>
internal static class PodTable
{
    private const int SqliteConstraint = 19;
    private const string Select = "SELECT created, intent, config FROM pods";

    /// <summary>Adds a row.</summary>
    /// <exception cref="ContainerEngineException">NameInUse.</exception>
    public static void Insert(SqliteConnection connection, SqliteTransaction transaction, PodRecord record)
    {
        try
        {
            Run(connection, transaction, "INSERT INTO pods (id, name, created, intent, config) VALUES ($1, $2, $3, $4, $5)", record.Id, record.Name,
                (record.Created.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100, (object?)record.Intent ?? DBNull.Value, PodJson.Write(record.Config));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SqliteConstraint)
        {
            throw EngineErrors.NameInUse("pod", record.Name, FindIdByName(connection, transaction, record.Name) ?? "another pod");
        }
    }

    /// <summary>Writes the intent. Returns false when the row is gone.</summary>
    public static bool Update(SqliteConnection connection, SqliteTransaction transaction, PodRecord record) =>
        Run(connection, transaction, "UPDATE pods SET intent = $2 WHERE id = $1", record.Id, (object?)record.Intent ?? DBNull.Value) > 0;

    /// <summary>Removes a row.</summary>
    public static void Delete(SqliteConnection connection, SqliteTransaction transaction, string id)
    {
        Run(connection, transaction, "DELETE FROM pods WHERE id = $1", id);
        Run(connection, transaction, "DELETE FROM pod_members WHERE pod = $1", id);
    }

    /// <summary>Notes that a container is in a pod; its row's end takes the note away.</summary>
    public static void AddMember(SqliteConnection connection, SqliteTransaction transaction, string pod, string container) =>
        Run(connection, transaction, "INSERT OR REPLACE INTO pod_members (container, pod) VALUES ($1, $2)", container, pod);

    /// <summary>The containers of a pod, oldest first.</summary>
    public static IReadOnlyList<string> Members(SqliteConnection connection, string pod)
    {
        // An older build that removes a container leaves the note.
        using var command = Command(connection, null,
            "SELECT m.container FROM pod_members m JOIN containers c ON c.id = m.container WHERE m.pod = $1 ORDER BY c.created, c.id", pod);
        using var reader = command.ExecuteReader();
        var members = new List<string>();
        while (reader.Read())
            members.Add(reader.GetString(0));
        return members;
    }

    /// <summary>The row with this id, or null.</summary>
    public static PodRecord? Find(SqliteConnection connection, string id)
    {
        using var command = Command(connection, null, Select + " WHERE id = $1", id);
        return ReadAll(command).FirstOrDefault();
    }

    /// <summary>All rows, oldest first.</summary>
    public static IReadOnlyList<PodRecord> List(SqliteConnection connection)
    {
        using var command = Command(connection, null, Select + " ORDER BY created, id");
        return ReadAll(command);
    }

    /// <summary>The pods with a step begun and not ended.</summary>
    public static IReadOnlyList<PodRecord> Unsettled(SqliteConnection connection)
    {
        using var command = Command(connection, null, Select + " WHERE intent IS NOT NULL");
        return ReadAll(command);
    }

    /// <summary>The names of all pods by id.</summary>
    public static IReadOnlyDictionary<string, string> Names(SqliteConnection connection)
    {
        using var command = Command(connection, null, "SELECT id, name FROM pods");
        using var reader = command.ExecuteReader();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read())
            names[reader.GetString(0)] = reader.GetString(1);
        return names;
    }

    /// <summary>A pod's name, or null.</summary>
    public static string? NameOf(SqliteConnection connection, string id)
    {
        using var command = Command(connection, null, "SELECT name FROM pods WHERE id = $1", id);
        return command.ExecuteScalar() as string;
    }

    /// <summary>The id of the pod with exactly this name, or null.</summary>
    public static string? FindIdByName(SqliteConnection connection, SqliteTransaction? transaction, string name)
    {
        using var command = Command(connection, transaction, "SELECT id FROM pods WHERE name = $1", name);
        return command.ExecuteScalar() as string;
    }

    /// <summary>Resolves a name, an id or a prefix of one. A name wins over a prefix.</summary>
    /// <exception cref="ContainerEngineException">NotFound or Ambiguous.</exception>
    public static string Resolve(SqliteConnection connection, string nameOrId)
    {
        // 'g' follows every hexadecimal digit, so this bounds the ids that begin with the key.
        using var command = Command(connection, null,
            "SELECT id, name=$1 OR id=$1 FROM pods WHERE name=$1 OR (id>=$1 AND id<$2) ORDER BY 2 DESC LIMIT 2", nameOrId, nameOrId + "g");
        using var reader = command.ExecuteReader();
        if (nameOrId.Length == 0 || !reader.Read())
            throw EngineErrors.PodNotFound(nameOrId);
        var id = reader.GetString(0);
        return reader.GetInt64(1) == 0 && reader.Read() ? throw EngineErrors.Ambiguous("pod", nameOrId) : id;
    }

    private static List<PodRecord> ReadAll(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<PodRecord>();
        while (reader.Read())
        {
            rows.Add(new PodRecord
            {
                Created = new DateTimeOffset(DateTimeOffset.UnixEpoch.Ticks + (reader.GetInt64(0) / 100), TimeSpan.Zero),
                Intent = reader.IsDBNull(1) ? null : reader.GetString(1),
                Config = PodJson.Read(reader.GetString(2)),
            });
        }
        return rows;
    }

    private static int Run(SqliteConnection connection, SqliteTransaction transaction, string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(connection, transaction, sql, values);
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return command;
    }
}

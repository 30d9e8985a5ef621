using Microsoft.Data.Sqlite;

namespace Podsharp.Engine.State;

/// <summary>Which containers require which, so that a removal finds those that would be left without reading every configuration.</summary>
internal static class DependencyTable
{
    /// <summary>Notes what a new container requires.</summary>
    /// <returns>The first one that isn't there, or is being removed; null where all are.</returns>
    public static string? Insert(SqliteConnection connection, SqliteTransaction transaction, string container, IEnumerable<string> required)
    {
        foreach (var id in required)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT OR IGNORE INTO dependencies (container, required) SELECT $container, id FROM containers " +
                $"WHERE id=$required AND coalesce(intent,'') NOT IN ('{Intent.Remove}', '{Intent.RemoveWithVolumes}')";
            command.Parameters.AddWithValue("$container", container);
            command.Parameters.AddWithValue("$required", id);
            if (command.ExecuteNonQuery() == 0 && !Requires(connection, transaction, container, id))
                return id;
        }
        return null;
    }

    /// <summary>The ids of the containers that require one.</summary>
    public static List<string> Dependents(SqliteConnection connection, SqliteTransaction? transaction, string required)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT d.container FROM dependencies d JOIN containers c ON c.id=d.container WHERE d.required=$required ORDER BY d.container";
        command.Parameters.AddWithValue("$required", required);
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
            ids.Add(reader.GetString(0));
        return ids;
    }

    private static bool Requires(SqliteConnection connection, SqliteTransaction transaction, string container, string required)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT EXISTS(SELECT 1 FROM dependencies WHERE container=$container AND required=$required)";
        command.Parameters.AddWithValue("$container", container);
        command.Parameters.AddWithValue("$required", required);
        return (long)command.ExecuteScalar()! != 0;
    }
}

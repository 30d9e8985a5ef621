using Microsoft.Data.Sqlite;

namespace Podsharp.Engine.State;

/// <summary>Who holds a volume mounted. A row is written before the mount is made and goes after it was taken down; those of an earlier boot are void.</summary>
internal static class VolumeMountTable
{
    /// <summary>Adds a mount to those of a holder; a container has one at most.</summary>
    internal static void Add(SqliteConnection connection, SqliteTransaction transaction, string volume, string holder, string boot)
    {
        using var command = Command(connection, transaction, """
            INSERT INTO volume_mounts (volume, holder, count, boot) VALUES ($1, $2, 1, $3)
            ON CONFLICT (volume, holder) DO UPDATE SET count = CASE WHEN boot <> $3 OR $2 <> '' THEN 1 ELSE count + 1 END, boot = $3
            """, volume, holder, boot);
        command.ExecuteNonQuery();
    }

    /// <summary>Takes one of a holder's mounts away.</summary>
    internal static void Remove(SqliteConnection connection, SqliteTransaction transaction, string volume, string holder)
    {
        using (var command = Command(connection, transaction, "UPDATE volume_mounts SET count = count - 1 WHERE volume = $1 AND holder = $2", volume, holder))
            command.ExecuteNonQuery();
        using var empty = Command(connection, transaction, "DELETE FROM volume_mounts WHERE volume = $1 AND holder = $2 AND count <= 0", volume, holder);
        empty.ExecuteNonQuery();
    }

    /// <summary>Forgets all mounts of a volume.</summary>
    internal static void Forget(SqliteConnection connection, SqliteTransaction transaction, string volume)
    {
        using var command = Command(connection, transaction, "DELETE FROM volume_mounts WHERE volume = $1", volume);
        command.ExecuteNonQuery();
    }

    /// <summary>Forgets what was mounted before this boot.</summary>
    internal static void ForgetOthers(SqliteConnection connection, SqliteTransaction transaction, string boot)
    {
        using var command = Command(connection, transaction, "DELETE FROM volume_mounts WHERE boot <> $1", boot);
        command.ExecuteNonQuery();
    }

    /// <summary>How often each volume is mounted, by its name.</summary>
    internal static IReadOnlyDictionary<string, int> Counts(SqliteConnection connection, string boot)
    {
        using var command = Command(connection, null, "SELECT volume, SUM(count) FROM volume_mounts WHERE boot = $1 GROUP BY volume", boot);
        using var reader = command.ExecuteReader();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read())
            counts[reader.GetString(0)] = reader.GetInt32(1);
        return counts;
    }

    /// <summary>How often a volume is mounted, and how often by one holder.</summary>
    internal static (int All, int Own) Count(SqliteConnection connection, string volume, string holder, string boot)
    {
        using var command = Command(connection, null,
            "SELECT COALESCE(SUM(count), 0), COALESCE(SUM(CASE WHEN holder = $2 THEN count ELSE 0 END), 0) FROM volume_mounts WHERE volume = $1 AND boot = $3", volume, holder, boot);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    /// <summary>The volumes that a holder has mounted, whenever that was.</summary>
    internal static IReadOnlyList<string> HeldBy(SqliteConnection connection, string holder)
    {
        using var command = Command(connection, null, "SELECT volume FROM volume_mounts WHERE holder = $1 ORDER BY volume", holder);
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
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

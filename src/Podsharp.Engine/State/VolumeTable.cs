using Microsoft.Data.Sqlite;

namespace Podsharp.Engine.State;

/// <summary>The volumes' rows, and which container uses which volume.</summary>
internal static class VolumeTable
{
    /// <summary>A volume's row.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Created">When it was made.</param>
    /// <param name="Anonymous">Made for one container, and removed with it.</param>
    /// <param name="Labels">The labels.</param>
    /// <param name="NeedsCopyUp">Nothing has been copied into it yet.</param>
    internal sealed record Row(string Name, DateTimeOffset Created, bool Anonymous, IReadOnlyDictionary<string, string> Labels, bool NeedsCopyUp)
    {
        /// <summary>Its directory keeps the owner it has.</summary>
        internal bool OwnerSettled { get; init; }

        /// <summary>local or image.</summary>
        internal string Driver { get; init; } = "local";

        /// <summary>The driver's options.</summary>
        internal IReadOnlyDictionary<string, string> Options { get; init; } = Podsharp.Model.EmptyDictionary.Strings;

        /// <summary>The id of the store's record that holds an image volume's layer; else empty.</summary>
        internal string Layer { get; init; } = "";

        /// <summary>Whether its content has to be mounted before it is used.</summary>
        internal bool IsMounted => Driver == "image" || Options.ContainsKey("type") || Options.ContainsKey("device");

        /// <summary>The owner given at the creation; null where none was.</summary>
        internal uint? UserId { get; init; }

        /// <summary>The group given at the creation; null where none was.</summary>
        internal uint? GroupId { get; init; }
    }

    private const string Select = "SELECT name, created, anonymous, labels, needs_copy_up, o.volume, o.uid, o.gid, driver, options, layer FROM volumes LEFT JOIN volume_owners o ON o.volume = name";

    /// <summary>Adds a volume unless it is there.</summary>
    /// <returns>Whether it was added.</returns>
    internal static bool Add(SqliteConnection connection, SqliteTransaction transaction, Row row)
    {
        using var command = Command(connection, transaction,
            "INSERT OR IGNORE INTO volumes (name, created, anonymous, labels, needs_copy_up, driver, options, layer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", row.Name,
            (row.Created.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100, row.Anonymous ? 1 : 0,
            StateWriter.Write(row.Labels), row.NeedsCopyUp ? 1 : 0, row.Driver, StateWriter.Write(row.Options), row.Layer);
        if (command.ExecuteNonQuery() == 0)
            return false;
        // An older build may have left one of a removed volume.
        Forget(connection, transaction, row.Name);
        if (row.OwnerSettled)
            SettleOwner(connection, transaction, row.Name, row.UserId, row.GroupId);
        return true;
    }

    /// <summary>Notes that a volume's directory keeps the owner it has.</summary>
    internal static void SettleOwner(SqliteConnection connection, SqliteTransaction transaction, string name, uint? user = null, uint? group = null)
    {
        using var command = Command(connection, transaction, "INSERT OR IGNORE INTO volume_owners (volume, uid, gid) VALUES ($1, $2, $3)", name,
            (object?)user ?? DBNull.Value, (object?)group ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private static void Forget(SqliteConnection connection, SqliteTransaction transaction, string name)
    {
        using var command = Command(connection, transaction, "DELETE FROM volume_owners WHERE volume = $1", name);
        command.ExecuteNonQuery();
    }

    /// <summary>A volume by name, or null.</summary>
    internal static Row? Find(SqliteConnection connection, string name)
    {
        using var command = Command(connection, null, Select + " WHERE name = $1", name);
        return ReadAll(command).FirstOrDefault();
    }

    /// <summary>All volumes by name.</summary>
    internal static IReadOnlyList<Row> List(SqliteConnection connection)
    {
        using var command = Command(connection, null, Select + " ORDER BY name");
        return ReadAll(command);
    }

    /// <summary>Notes that something was copied into a volume: from now on nothing is.</summary>
    internal static void ClearCopyUp(SqliteConnection connection, SqliteTransaction transaction, string name)
    {
        using var command = Command(connection, transaction, "UPDATE volumes SET needs_copy_up = 0 WHERE name = $1", name);
        command.ExecuteNonQuery();
    }

    /// <summary>Removes a volume's row unless a container uses it.</summary>
    /// <returns>False where one does.</returns>
    internal static bool Delete(SqliteConnection connection, SqliteTransaction transaction, string name, string? exceptUser)
    {
        using var command = Command(connection, transaction,
            "DELETE FROM volumes WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM volume_users WHERE volume = $1 AND container <> $2)", name, exceptUser ?? "");
        if (command.ExecuteNonQuery() == 0)
            return Find(connection, name) is null;
        Forget(connection, transaction, name);
        VolumeMountTable.Forget(connection, transaction, name);
        return true;
    }

    /// <summary>Notes that a container uses a volume.</summary>
    internal static void Use(SqliteConnection connection, SqliteTransaction transaction, string name, string containerId)
    {
        using var command = Command(connection, transaction, "INSERT OR IGNORE INTO volume_users (volume, container) VALUES ($1, $2)", name, containerId);
        command.ExecuteNonQuery();
    }

    /// <summary>The containers that use a volume.</summary>
    internal static IReadOnlyList<string> UsersOf(SqliteConnection connection, string name) =>
        Strings(connection, "SELECT container FROM volume_users WHERE volume = $1 ORDER BY container", name);

    /// <summary>The volumes that a container uses.</summary>
    internal static IReadOnlyList<string> UsedBy(SqliteConnection connection, string containerId) =>
        Strings(connection, "SELECT volume FROM volume_users WHERE container = $1 ORDER BY volume", containerId);

    /// <summary>Notes that a container uses no volume any more.</summary>
    internal static void Release(SqliteConnection connection, SqliteTransaction transaction, string containerId)
    {
        using var command = Command(connection, transaction, "DELETE FROM volume_users WHERE container = $1", containerId);
        command.ExecuteNonQuery();
    }

    private static List<string> Strings(SqliteConnection connection, string sql, string key)
    {
        using var command = Command(connection, null, sql, key);
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read()) values.Add(reader.GetString(0));
        return values;
    }

    private static List<Row> ReadAll(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
        {
            rows.Add(new Row(reader.GetString(0), new DateTimeOffset(DateTimeOffset.UnixEpoch.Ticks + (reader.GetInt64(1) / 100), TimeSpan.Zero),
                reader.GetInt32(2) != 0, StateReader.ReadLabels(reader.GetString(3)), reader.GetInt32(4) != 0)
            {
                OwnerSettled = !reader.IsDBNull(5),
                UserId = reader.IsDBNull(6) ? null : (uint)reader.GetInt64(6),
                GroupId = reader.IsDBNull(7) ? null : (uint)reader.GetInt64(7),
                Driver = reader.GetString(8),
                Options = StateReader.ReadLabels(reader.GetString(9)),
                Layer = reader.GetString(10),
            });
        }
        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return command;
    }
}

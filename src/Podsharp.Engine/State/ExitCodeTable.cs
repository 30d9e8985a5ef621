using Microsoft.Data.Sqlite;

namespace Podsharp.Engine.State;

/// <summary>Exit codes that outlive their container, for those who wait for one that is removed at its end.</summary>
internal static class ExitCodeTable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    /// <summary>Records a code and forgets old ones.</summary>
    public static void Record(SqliteConnection connection, SqliteTransaction transaction, string container, int code)
    {
        var now = (DateTimeOffset.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM exit_codes WHERE time<$old; INSERT OR REPLACE INTO exit_codes VALUES ($container,$code,$now)";
        command.Parameters.AddWithValue("$old", now - ((long)Kept.TotalMilliseconds * 1_000_000));
        command.Parameters.AddWithValue("$container", container);
        command.Parameters.AddWithValue("$code", code);
        command.Parameters.AddWithValue("$now", now);
        command.ExecuteNonQuery();
    }

    /// <summary>The code of a container that has ended lately, or null.</summary>
    public static int? Find(SqliteConnection connection, string container)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT code FROM exit_codes WHERE container=$container";
        command.Parameters.AddWithValue("$container", container);
        return command.ExecuteScalar() is long code ? (int)code : null;
    }
}

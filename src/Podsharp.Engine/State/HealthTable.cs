using Microsoft.Data.Sqlite;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>The rows of containers with health checks. A row is made by a start and tells of the last run.</summary>
internal static class HealthTable
{
    private const string Columns = "status,failing_streak,next_check,startup_passed,startup_successes,startup_failures,restart_wanted";

    /// <summary>Writes a container's row.</summary>
    public static void Put(SqliteConnection connection, SqliteTransaction transaction, string container, HealthRecord record)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT OR REPLACE INTO health (container,{Columns}) VALUES ($id,$status,$streak,$next,$passed,$successes,$failures,$restart)";
        command.Parameters.AddWithValue("$id", container);
        command.Parameters.AddWithValue("$status", (int)record.Status);
        command.Parameters.AddWithValue("$streak", record.FailingStreak);
        command.Parameters.AddWithValue("$next", record.NextCheck is { } next ? StateTime.Nanoseconds(next) : DBNull.Value);
        command.Parameters.AddWithValue("$passed", record.StartupPassed ? 1 : 0);
        command.Parameters.AddWithValue("$successes", record.StartupSuccesses);
        command.Parameters.AddWithValue("$failures", record.StartupFailures);
        command.Parameters.AddWithValue("$restart", record.RestartWanted ? 1 : 0);
        command.ExecuteNonQuery();
    }

    /// <summary>Says when the next check is due; null for never.</summary>
    public static void Schedule(SqliteConnection connection, SqliteTransaction transaction, string container, DateTimeOffset? next)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "UPDATE health SET next_check=$next WHERE container=$id";
        command.Parameters.AddWithValue("$id", container);
        command.Parameters.AddWithValue("$next", next is { } time ? StateTime.Nanoseconds(time) : DBNull.Value);
        command.ExecuteNonQuery();
    }

    /// <summary>Removes a container's row.</summary>
    public static void Delete(SqliteConnection connection, SqliteTransaction transaction, string container)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM health WHERE container=$id";
        command.Parameters.AddWithValue("$id", container);
        command.ExecuteNonQuery();
    }

    /// <summary>A container's row, or null.</summary>
    public static HealthRecord? Find(SqliteConnection connection, string container)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM health WHERE container=$id";
        command.Parameters.AddWithValue("$id", container);
        using var reader = command.ExecuteReader();
        return reader.Read() ? Read(reader, 0) : null;
    }

    /// <summary>All rows.</summary>
    public static Dictionary<string, HealthRecord> List(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT container,{Columns} FROM health";
        using var reader = command.ExecuteReader();
        var rows = new Dictionary<string, HealthRecord>(StringComparer.Ordinal);
        while (reader.Read())
            rows[reader.GetString(0)] = Read(reader, 1);
        return rows;
    }

    private static HealthRecord Read(SqliteDataReader reader, int first) => new()
    {
        Status = (HealthStatus)reader.GetInt32(first),
        FailingStreak = reader.GetInt32(first + 1),
        NextCheck = reader.IsDBNull(first + 2) ? null : StateTime.Time(reader.GetInt64(first + 2)),
        StartupPassed = reader.GetInt32(first + 3) != 0,
        StartupSuccesses = reader.GetInt32(first + 4),
        StartupFailures = reader.GetInt32(first + 5),
        RestartWanted = reader.GetInt32(first + 6) != 0,
    };
}

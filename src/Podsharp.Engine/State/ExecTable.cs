using Microsoft.Data.Sqlite;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>The exec sessions' rows.</summary>
internal static class ExecTable
{
    /// <summary>Adds a session.</summary>
    public static void Insert(SqliteConnection connection, SqliteTransaction transaction, string id, string container, ExecSpec spec, string boot)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO exec_sessions (id,container,spec,state,boot) VALUES ($id,$container,$spec,0,$boot)";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$container", container);
        command.Parameters.AddWithValue("$spec", StateWriter.Write(spec));
        command.Parameters.AddWithValue("$boot", boot);
        command.ExecuteNonQuery();
    }

    /// <summary>Writes what became of a session.</summary>
    public static void Update(SqliteConnection connection, SqliteTransaction transaction, ExecRecord record)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "UPDATE exec_sessions SET state=$state,pid=$pid,pid_start=$pid_start,exit_code=$exit_code WHERE id=$id";
        command.Parameters.AddWithValue("$id", record.Id);
        command.Parameters.AddWithValue("$state", (int)record.State);
        command.Parameters.AddWithValue("$pid", record.Pid);
        command.Parameters.AddWithValue("$pid_start", record.PidStart);
        command.Parameters.AddWithValue("$exit_code", record.ExitCode is { } code ? code : DBNull.Value);
        command.ExecuteNonQuery();
    }

    /// <summary>Forgets a session.</summary>
    public static void Delete(SqliteConnection connection, SqliteTransaction transaction, string id)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM exec_sessions WHERE id=$id";
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery();
    }

    /// <summary>A session by its id, or null.</summary>
    public static ExecRecord? Find(SqliteConnection connection, string id) => Query(connection, "id", id).FirstOrDefault();

    /// <summary>The sessions of a container.</summary>
    public static List<ExecRecord> ForContainer(SqliteConnection connection, string container) => Query(connection, "container", container);

    private static List<ExecRecord> Query(SqliteConnection connection, string column, string value)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT id,container,spec,state,pid,pid_start,exit_code,boot FROM exec_sessions WHERE {column}=$value ORDER BY id";
        command.Parameters.AddWithValue("$value", value);
        using var reader = command.ExecuteReader();
        var rows = new List<ExecRecord>();
        while (reader.Read())
        {
            rows.Add(new()
            {
                Id = reader.GetString(0),
                ContainerId = reader.GetString(1),
                Spec = StateReader.ReadExec(reader.GetString(2)),
                State = (ExecState)reader.GetInt32(3),
                Pid = reader.GetInt32(4),
                PidStart = reader.GetInt64(5),
                ExitCode = reader.IsDBNull(6) ? null : reader.GetInt32(6),
                Boot = reader.GetString(7),
            });
        }
        return rows;
    }
}

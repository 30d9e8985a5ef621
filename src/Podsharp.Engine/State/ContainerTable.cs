using Microsoft.Data.Sqlite;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>The containers' rows.</summary>
internal static class ContainerTable
{
    private const string Columns = "id,name,created,executable,state,intent,boot,pid,pid_start,conmon_pid,conmon_start,started,finished," +
        "exit_code,oom,error,stopped_by_user,restart_count,next_start,restart_delay,revision,checkpointed,restored";

    private const string AllColumns = Columns + ",run,config";

    private const int RunColumn = 23;
    private const int RevisionColumn = 20;
    private const int SqliteConstraint = 19;

    /// <summary>Adds a row.</summary>
    /// <exception cref="ContainerEngineException">NameInUse.</exception>
    public static void Insert(SqliteConnection connection, SqliteTransaction transaction, ContainerRecord record)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT INTO containers ({AllColumns}) VALUES ($id,$name,$created,$executable,$state,$intent,$boot,$pid,$pid_start," +
            "$conmon_pid,$conmon_start,$started,$finished,$exit_code,$oom,$error,$stopped_by_user,$restart_count,$next_start,$restart_delay,$revision,$checkpointed,$restored,$run,$config)";
        Bind(command, record);
        command.Parameters.AddWithValue("$created", StateTime.Nanoseconds(record.Created));
        command.Parameters.AddWithValue("$config", StateWriter.Write(record.Config));
        command.Parameters.AddWithValue("$executable", record.Executable);
        Execute(command, connection, transaction, record);
        if (record.Config.PodId.Length > 0)
            PodTable.AddMember(connection, transaction, record.Config.PodId, record.Id);
    }

    /// <summary>Writes what may change. Returns false when the row is gone.</summary>
    /// <exception cref="ContainerEngineException">NameInUse.</exception>
    public static bool Update(SqliteConnection connection, SqliteTransaction transaction, ContainerRecord record)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "UPDATE containers SET name=$name,state=$state,intent=$intent,boot=$boot,pid=$pid,pid_start=$pid_start," +
            "conmon_pid=$conmon_pid,conmon_start=$conmon_start,started=$started,finished=$finished,exit_code=$exit_code,oom=$oom,error=$error," +
            "stopped_by_user=$stopped_by_user,restart_count=$restart_count,next_start=$next_start,restart_delay=$restart_delay,revision=$revision,checkpointed=$checkpointed,restored=$restored,run=$run WHERE id=$id";
        Bind(command, record);
        return Execute(command, connection, transaction, record) > 0;
    }

    /// <summary>Writes the configuration.</summary>
    public static void UpdateConfig(SqliteConnection connection, SqliteTransaction transaction, ContainerConfig config)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "UPDATE containers SET config=$config WHERE id=$id";
        command.Parameters.AddWithValue("$id", config.Id);
        command.Parameters.AddWithValue("$config", StateWriter.Write(config));
        command.ExecuteNonQuery();
    }

    /// <summary>Removes a row with all that hangs on it.</summary>
    public static void Delete(SqliteConnection connection, SqliteTransaction transaction, string id)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM exec_sessions WHERE container=$id; DELETE FROM addresses WHERE container=$id; " +
            "DELETE FROM volume_users WHERE container=$id; DELETE FROM pod_members WHERE container=$id; DELETE FROM health WHERE container=$id; " +
            "DELETE FROM dependencies WHERE container=$id; DELETE FROM containers WHERE id=$id";
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery();
    }

    /// <summary>The row with this id, or null.</summary>
    public static ContainerRecord? Find(SqliteConnection connection, string id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {AllColumns} FROM containers WHERE id=$id";
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return null;
        var record = Read(reader, StateReader.ReadConfig(reader.GetString(RunColumn + 1))) with
        {
            Run = reader.IsDBNull(RunColumn) ? null : StateReader.ReadRun(reader.GetString(RunColumn)),
        };
        return record.Config.Health.IsChecked() ? record with { Health = HealthTable.Find(connection, id) } : record;
    }

    /// <summary>Resolves a name, an id or a prefix of one. A name wins over a prefix.</summary>
    /// <exception cref="ContainerEngineException">NotFound or Ambiguous.</exception>
    public static string Resolve(SqliteConnection connection, string nameOrId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, name=$key OR id=$key FROM containers WHERE name=$key OR (id>=$key AND id<$end) ORDER BY 2 DESC LIMIT 2";
        command.Parameters.AddWithValue("$key", nameOrId);
        // 'g' follows every hexadecimal digit, so this bounds the ids that begin with the key.
        command.Parameters.AddWithValue("$end", nameOrId + "g");
        using var reader = command.ExecuteReader();
        if (nameOrId.Length == 0 || !reader.Read())
            throw EngineErrors.ContainerNotFound(nameOrId);
        var id = reader.GetString(0);
        if (reader.GetInt64(1) == 0 && reader.Read())
            throw EngineErrors.Ambiguous("container", nameOrId);
        return id;
    }

    /// <summary>The containers that a restart policy is to start, and of those that are to be checked the first ones; soonest first.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="checks">How many checks at most.</param>
    public static List<WaitingContainer> Waiting(SqliteConnection connection, int checks)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, next_start, 0 FROM containers WHERE next_start IS NOT NULL UNION ALL SELECT container, next_check, 1 FROM " +
            "(SELECT container, next_check FROM health WHERE next_check IS NOT NULL ORDER BY next_check LIMIT $checks) ORDER BY 2";
        command.Parameters.AddWithValue("$checks", checks);
        using var reader = command.ExecuteReader();
        var waiting = new List<WaitingContainer>();
        while (reader.Read())
            waiting.Add(new(reader.GetString(0), StateTime.Time(reader.GetInt64(1)), reader.GetInt32(2) != 0));
        return waiting;
    }

    /// <summary>The ids of the containers whose last run began with a restore.</summary>
    public static List<string> Restored(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM containers WHERE restored IS NOT NULL";
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
            ids.Add(reader.GetString(0));
        return ids;
    }

    /// <summary>All rows, oldest first, without what belongs to their runs. <paramref name="known"/> saves reading configurations that were
    /// read before and have not changed since.</summary>
    public static List<ContainerRecord> List(SqliteConnection connection, IReadOnlyDictionary<string, ContainerRecord> known)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM containers ORDER BY created, id";
        using var reader = command.ExecuteReader();
        using var config = connection.CreateCommand();
        config.CommandText = "SELECT config FROM containers WHERE id=$id";
        var wanted = config.Parameters.Add("$id", SqliteType.Text);
        var health = HealthTable.List(connection);
        var rows = new List<ContainerRecord>();
        while (reader.Read())
        {
            var id = reader.GetString(0);
            if (known.TryGetValue(id, out var before) && before.Revision == reader.GetInt32(RevisionColumn))
            {
                rows.Add(WithHealth(Read(reader, before.Config)));
                continue;
            }
            wanted.Value = id;
            rows.Add(WithHealth(Read(reader, StateReader.ReadConfig((string)config.ExecuteScalar()!))));
        }
        return rows;

        ContainerRecord WithHealth(ContainerRecord record) =>
            record.Config.Health.IsChecked() ? record with { Health = health.GetValueOrDefault(record.Id) } : record;
    }

    /// <summary>How many containers name this executable.</summary>
    public static bool UsesExecutable(SqliteConnection connection, string hash)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS(SELECT 1 FROM containers WHERE executable=$hash)";
        command.Parameters.AddWithValue("$hash", hash);
        return (long)command.ExecuteScalar()! != 0;
    }

    private static int Execute(SqliteCommand command, SqliteConnection connection, SqliteTransaction transaction, ContainerRecord record)
    {
        try
        {
            return command.ExecuteNonQuery();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SqliteConstraint)
        {
            throw EngineErrors.NameInUse("container", record.Name, FindIdByName(connection, transaction, record.Name) ?? "another container");
        }
    }

    /// <summary>The id of the container with exactly this name, or null.</summary>
    public static string? FindIdByName(SqliteConnection connection, SqliteTransaction? transaction, string name)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT id FROM containers WHERE name=$name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() as string;
    }

    private static void Bind(SqliteCommand command, ContainerRecord record)
    {
        var p = command.Parameters;
        p.AddWithValue("$id", record.Id);
        p.AddWithValue("$name", record.Name);
        p.AddWithValue("$state", (int)record.State);
        p.AddWithValue("$intent", (object?)record.Intent ?? DBNull.Value);
        p.AddWithValue("$boot", record.Boot);
        p.AddWithValue("$pid", record.Pid);
        p.AddWithValue("$pid_start", record.PidStart);
        p.AddWithValue("$conmon_pid", record.ConmonPid);
        p.AddWithValue("$conmon_start", record.ConmonStart);
        p.AddWithValue("$started", record.Started is { } started ? StateTime.Nanoseconds(started) : DBNull.Value);
        p.AddWithValue("$finished", record.Finished is { } finished ? StateTime.Nanoseconds(finished) : DBNull.Value);
        p.AddWithValue("$exit_code", record.ExitCode is { } code ? code : DBNull.Value);
        p.AddWithValue("$oom", record.OomKilled ? 1 : 0);
        p.AddWithValue("$error", record.Error);
        p.AddWithValue("$stopped_by_user", record.StoppedByUser ? 1 : 0);
        p.AddWithValue("$restart_count", record.RestartCount);
        p.AddWithValue("$next_start", record.NextStart is { } next ? StateTime.Nanoseconds(next) : DBNull.Value);
        p.AddWithValue("$restart_delay", record.RestartDelay is { } delay ? (long)delay.TotalMilliseconds : DBNull.Value);
        p.AddWithValue("$revision", record.Revision);
        p.AddWithValue("$checkpointed", record.Checkpointed is { } checkpointed ? StateTime.Nanoseconds(checkpointed) : DBNull.Value);
        p.AddWithValue("$restored", record.Restored is { } restored ? StateTime.Nanoseconds(restored) : DBNull.Value);
        p.AddWithValue("$run", record.Run is { } run ? StateWriter.Write(run) : DBNull.Value);
    }

    private static ContainerRecord Read(SqliteDataReader reader, ContainerConfig config) => new()
    {
        // The configuration is written once; the name may have changed since.
        Config = config.Name == reader.GetString(1) ? config : config with { Name = reader.GetString(1) },
        Name = reader.GetString(1),
        Created = StateTime.Time(reader.GetInt64(2)),
        Executable = reader.GetString(3),
        State = (ContainerState)reader.GetInt32(4),
        Intent = reader.IsDBNull(5) ? null : reader.GetString(5),
        Boot = reader.GetString(6),
        Pid = reader.GetInt32(7),
        PidStart = reader.GetInt64(8),
        ConmonPid = reader.GetInt32(9),
        ConmonStart = reader.GetInt64(10),
        Started = reader.IsDBNull(11) ? null : StateTime.Time(reader.GetInt64(11)),
        Finished = reader.IsDBNull(12) ? null : StateTime.Time(reader.GetInt64(12)),
        ExitCode = reader.IsDBNull(13) ? null : reader.GetInt32(13),
        OomKilled = reader.GetInt32(14) != 0,
        Error = reader.GetString(15),
        StoppedByUser = reader.GetInt32(16) != 0,
        RestartCount = reader.GetInt32(17),
        NextStart = reader.IsDBNull(18) ? null : StateTime.Time(reader.GetInt64(18)),
        RestartDelay = reader.IsDBNull(19) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(19)),
        Revision = reader.GetInt32(RevisionColumn),
        Checkpointed = reader.IsDBNull(21) ? null : StateTime.Time(reader.GetInt64(21)),
        Restored = reader.IsDBNull(22) ? null : StateTime.Time(reader.GetInt64(22)),
    };
}

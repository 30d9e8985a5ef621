using Microsoft.Data.Sqlite;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep.Checks;

/// <summary>Looks at the state database: whether SQLite finds it whole, and whether its rows are about things that are there.</summary>
internal sealed class StateCheck(EngineParts parts)
{
    /// <summary>Damage of the file itself; while there is any, nothing else of the state can be looked at.</summary>
    internal IReadOnlyList<Damage> FindInFile(bool quick)
    {
        if (!parts.Database.Exists)
            return [];
        string problem;
        try
        {
            problem = parts.Database.Read(connection => Integrity(connection, quick));
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.DataCorrupt)
        {
            problem = error.Message;
        }
        return problem.Length == 0 ? [] :
        [
            new Damage(new()
            {
                Kind = FindingKind.StateDatabase,
                Object = "state",
                Path = Path.Combine(parts.Paths.StateDirectory, "state.db"),
                Problem = problem,
                Cost = RepairCost.Impossible,
                Remedy = "restore it from a backup, or move it away and remove the containers listed by 'podman ps -a --external'",
            }),
        ];
    }

    private static string Integrity(SqliteConnection connection, bool quick)
    {
        using var command = connection.CreateCommand();
        command.CommandText = quick ? "PRAGMA quick_check(3)" : "PRAGMA integrity_check(3)";
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
            lines.Add(reader.GetString(0));
        return lines is ["ok"] ? "" : string.Join("; ", lines);
    }

    /// <summary>Rows about things that are gone.</summary>
    internal IEnumerable<Damage> FindInRows(Liveness liveness, StoreUsers store)
    {
        if (!parts.Database.Exists)
            yield break;
        var stored = store.Containers.Select(container => container.Id).ToHashSet();
        foreach (var record in liveness.Records.Where(record => !stored.Contains(record.Id) && record.Intent is null && parts.Containers.IsIdle(record.Id)))
        {
            yield return new Damage(new()
            {
                Kind = FindingKind.ContainerLost,
                Object = "container",
                Id = record.Id,
                Problem = $"another program has removed the storage of container {record.Name}",
                Cost = RepairCost.Containers,
                Remedy = $"container {record.Name} is removed; its files have gone already",
            }, token => parts.Remover.Remove(record.Id, new RemoveOptions { Force = true, Ignore = true, Timeout = 0 }, token));
        }
        foreach (var damage in FindOrphans("exec_sessions", "a command", liveness).Concat(FindOrphans("volume_users", "the use of a volume", liveness)))
            yield return damage;
    }

    private IEnumerable<Damage> FindOrphans(string table, string what, Liveness liveness) =>
        parts.Database.Read(connection => Orphans(connection, table)).Where(liveness.IsGone).Select(id => new Damage(new()
        {
            Kind = FindingKind.StateReference,
            Object = "state",
            Id = id,
            Problem = $"{what} is noted for {liveness.Describe(id)}",
            Cost = RepairCost.Nothing,
            Remedy = "the note is removed",
        }, _ => parts.Database.Write(Durability.Boot, (connection, transaction) => Forget(connection, transaction, table, id))));

    /// <summary>Addresses that are kept for containers without a run.</summary>
    internal IEnumerable<Damage> FindAddresses(Liveness liveness)
    {
        if (!parts.Database.Exists)
            yield break;
        foreach (var (network, address, id) in parts.Database.Read(Leases).Where(lease => liveness.IsOver(lease.Container)))
        {
            yield return new Damage(new()
            {
                Kind = FindingKind.AddressLease,
                Object = "network",
                Id = network,
                Problem = $"the address {address} is kept for {liveness.Describe(id)}",
                Cost = RepairCost.Nothing,
                Remedy = "the address is free again",
            }, _ => parts.Networks.ReleaseAddresses(id));
        }
    }

    private static List<string> Orphans(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT DISTINCT container FROM {table} WHERE container NOT IN (SELECT id FROM containers)";
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
            ids.Add(reader.GetString(0));
        return ids;
    }

    private static void Forget(SqliteConnection connection, SqliteTransaction transaction, string table, string id)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"DELETE FROM {table} WHERE container = $id AND container NOT IN (SELECT id FROM containers)";
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery();
    }

    private static List<(string Network, string Address, string Container)> Leases(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT network, address, container FROM addresses ORDER BY network, address";
        using var reader = command.ExecuteReader();
        var leases = new List<(string, string, string)>();
        while (reader.Read())
            leases.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return leases;
    }
}

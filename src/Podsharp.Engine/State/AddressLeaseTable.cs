using System.Net;
using Microsoft.Data.Sqlite;
using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>The address book: who has which address, and which one was given last. It says nothing that survives a reboot.</summary>
/// <param name="connection">The state's connection.</param>
/// <param name="transaction">The write transaction in which addresses are reserved: two starts at once are two transactions, one
/// after the other, so no address is given twice.</param>
internal sealed class AddressLeaseTable(SqliteConnection connection, SqliteTransaction? transaction) : IAddressLeases
{
    /// <summary>The tables; harmless where they exist.</summary>
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS addresses (
            network TEXT NOT NULL,
            address TEXT NOT NULL,
            subnet TEXT NOT NULL,
            container_id TEXT NOT NULL,
            PRIMARY KEY (network, address)
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS addresses_container ON addresses (container_id);
        CREATE TABLE IF NOT EXISTS address_cursors (
            network TEXT NOT NULL,
            subnet TEXT NOT NULL,
            last TEXT NOT NULL,
            PRIMARY KEY (network, subnet)
        ) WITHOUT ROWID;
        """;

    /// <inheritdoc/>
    public IPAddress Reserve(string network, NetworkSubnet subnet, string containerId, IPAddress? wanted, IReadOnlySet<IPAddress>? foreign)
    {
        var subnetText = subnet.Network.ToString();
        if (Scalar("SELECT address FROM addresses WHERE network = $1 AND subnet = $2 AND container_id = $3", network, subnetText, containerId) is { } mine)
        {
            var current = IPAddress.Parse(mine);
            if (wanted is null || wanted.Equals(current)) return current;
            Run("DELETE FROM addresses WHERE network = $1 AND address = $2", network, mine);
        }
        var address = wanted is null ? Choose(network, subnet, subnetText, foreign) : Wanted(network, subnet, wanted, foreign);
        Run("INSERT INTO addresses (network, address, subnet, container_id) VALUES ($1, $2, $3, $4)", network, address.ToString(), subnetText, containerId);
        return address;
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Network, IPAddress Address)> Of(string containerId)
    {
        using var command = Command("SELECT network, address FROM addresses WHERE container_id = $1 ORDER BY network, address", containerId);
        using var reader = command.ExecuteReader();
        var addresses = new List<(string, IPAddress)>();
        while (reader.Read()) addresses.Add((reader.GetString(0), IPAddress.Parse(reader.GetString(1))));
        return addresses;
    }

    /// <inheritdoc/>
    public void Release(string containerId) => Run("DELETE FROM addresses WHERE container_id = $1", containerId);

    /// <inheritdoc/>
    public void Clear() => Run("DELETE FROM addresses");

    private IPAddress Choose(string network, NetworkSubnet subnet, string subnetText, IReadOnlySet<IPAddress>? foreign)
    {
        var last = Scalar("SELECT last FROM address_cursors WHERE network = $1 AND subnet = $2", network, subnetText);
        var address = AddressAllocator.Next(subnet, last is null ? null : IPAddress.Parse(last), a => foreign?.Contains(a) == true || Owner(network, a) is not null)
            ?? throw new ContainerEngineException(ErrorKind.InUse, "NoFreeAddress", $"all addresses of {subnetText} in the network {network} are in use",
                network, "remove containers that are no longer needed");
        Run("INSERT INTO address_cursors (network, subnet, last) VALUES ($1, $2, $3) ON CONFLICT (network, subnet) DO UPDATE SET last = $3",
            network, subnetText, address.ToString());
        return address;
    }

    private IPAddress Wanted(string network, NetworkSubnet subnet, IPAddress wanted, IReadOnlySet<IPAddress>? foreign)
    {
        AddressAllocator.CheckWanted(network, subnet, wanted);
        var owner = Owner(network, wanted) ?? (foreign?.Contains(wanted) == true ? "another engine's container" : null);
        return owner is null ? wanted : throw new ContainerEngineException(ErrorKind.InUse, "AddressInUse",
            $"the address {wanted} in the network {network} is in use by {(owner.Length == 64 ? "container " + owner[..12] : owner)}", wanted.ToString(),
            "choose another address, or let the engine choose");
    }

    private string? Owner(string network, IPAddress address) =>
        Scalar("SELECT container_id FROM addresses WHERE network = $1 AND address = $2", network, address.ToString());

    private string? Scalar(string sql, params ReadOnlySpan<string> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar() as string;
    }

    private void Run(string sql, params ReadOnlySpan<string> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return command;
    }
}

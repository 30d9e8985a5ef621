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
    /// <inheritdoc/>
    public IPAddress Reserve(string network, NetworkSubnet subnet, string containerId, IPAddress? wanted = null, IReadOnlySet<IPAddress>? foreign = null)
    {
        if (Of(containerId).FirstOrDefault(a => a.Network == network && subnet.Network.Contains(a.Address)).Address is { } mine)
        {
            if (wanted is null || wanted.Equals(mine)) return mine;
            Run("DELETE FROM addresses WHERE network = $1 AND address = $2", network, mine.ToString());
        }
        var address = wanted is null ? Choose(network, subnet, foreign) : Wanted(network, subnet, wanted, foreign);
        Run("INSERT INTO addresses (network, address, container) VALUES ($1, $2, $3)", network, address.ToString(), containerId);
        return address;
    }

    /// <inheritdoc/>
    public void Check(string network, NetworkSubnet subnet, IPAddress wanted, IReadOnlySet<IPAddress>? foreign = null) => _ = Wanted(network, subnet, wanted, foreign);

    /// <inheritdoc/>
    public IReadOnlyList<(string Network, IPAddress Address)> Of(string containerId)
    {
        using var command = Command("SELECT network, address FROM addresses WHERE container = $1 ORDER BY network, address", containerId);
        using var reader = command.ExecuteReader();
        var addresses = new List<(string, IPAddress)>();
        while (reader.Read()) addresses.Add((reader.GetString(0), IPAddress.Parse(reader.GetString(1))));
        return addresses;
    }

    /// <inheritdoc/>
    public void Keep(string containerId, IReadOnlyCollection<string> networks)
    {
        foreach (var (network, _) in Of(containerId).Where(lease => !networks.Contains(lease.Network)))
            Run("DELETE FROM addresses WHERE container = $1 AND network = $2", containerId, network);
    }

    /// <inheritdoc/>
    public void Release(string containerId) => Run("DELETE FROM addresses WHERE container = $1", containerId);

    /// <inheritdoc/>
    public void Clear() => Run("DELETE FROM addresses");

    private IPAddress Choose(string network, NetworkSubnet subnet, IReadOnlySet<IPAddress>? foreign)
    {
        var subnetText = subnet.Network.ToString();
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
        Scalar("SELECT container FROM addresses WHERE network = $1 AND address = $2", network, address.ToString());

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

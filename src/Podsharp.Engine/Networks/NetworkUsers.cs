using Podsharp.Engine.Podman;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Who uses which network: our containers by the state, podman's by its database, running or not.</summary>
internal sealed class NetworkUsers(EngineParts parts)
{
    /// <summary>The ids of our containers that are to be on a network, oldest first.</summary>
    internal IReadOnlyList<string> Ours(string network) =>
        [.. parts.Containers.List().Where(record => record.Config.Networks.Any(attachment => attachment.Network == network)).Select(record => record.Id)];

    /// <summary>The names of podman's containers that are to be on a network.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: podman's database is there and can't be read.</exception>
    internal IReadOnlyList<string> Podmans(string network) => [.. PodmansNetworks().Where(user => user.Network == network).Select(user => user.Container)];

    /// <summary>The networks that anybody's container uses.</summary>
    /// <param name="gone">Ids of containers of ours that don't count.</param>
    /// <exception cref="ContainerEngineException">Unsupported: podman's database is there and can't be read.</exception>
    internal HashSet<string> Used(IReadOnlySet<string>? gone = null) => [.. parts.Containers.List()
        .Where(record => gone?.Contains(record.Id) != true).SelectMany(record => record.Config.Networks).Select(attachment => attachment.Network),
        .. PodmansNetworks().Select(user => user.Network)];

    private List<(string Network, string Container)> PodmansNetworks()
    {
        var path = Path.Combine(parts.StorageConfiguration.GraphRoot, "db.sql");
        if (!File.Exists(path)) return [];
        using var database = PodmanDatabase.Open(path);
        var users = new List<(string, string)>();
        foreach (var row in database.Containers())
        {
            using var config = System.Text.Json.JsonDocument.Parse(row.Config);
            users.AddRange(config.RootElement.Members("newNetworks").Select(network => (network.Name, row.Name)));
        }
        return users;
    }
}

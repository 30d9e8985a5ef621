using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Podsharp.Engine.Native;
using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep.Checks;

/// <summary>Looks for network namespaces, port rules and names of containers that are not running or gone.</summary>
internal sealed partial class NetworkCheck(EngineParts parts, Liveness liveness)
{
    private readonly Dictionary<string, NetworkDefinition> networks = parts.Networks.Store.List().ToDictionary(network => network.Name, StringComparer.Ordinal);

    internal IEnumerable<Damage> Find() => [.. Namespaces(), .. Rules(), .. Names(), .. Bridges()];

    private IEnumerable<Damage> Namespaces()
    {
        var owners = liveness.Records.ToDictionary(record => parts.Networks.NamespacePath(record.Id), record => record.Id, StringComparer.Ordinal);
        var inhabited = new Lazy<HashSet<ulong>>(ReadInhabited);
        foreach (var entry in Files.ReadDirectory(parts.Paths.NetnsDirectory))
        {
            var name = Encoding.UTF8.GetString(entry.Name);
            var path = Path.Combine(parts.Paths.NetnsDirectory, name);
            var isOurs = owners.TryGetValue(path, out var owner);
            if (isOurs ? !liveness.IsOver(owner!) : !NamespaceName().IsMatch(name) || RandomName().IsMatch(name))
                continue;
            // Another state's containers have theirs here, too: what somebody lives in is nobody's leftover.
            if (Files.TryStatus(path) is not { } status || (NetworkNamespaces.Exists(path) && inhabited.Value.Contains(status.Inode)))
                continue;
            yield return new Damage(new()
            {
                Kind = FindingKind.LeakedNamespace,
                Object = "network namespace",
                Id = name,
                Path = path,
                Problem = isOurs ? $"it belongs to {liveness.Describe(owner!)}" : "no process is in it, and no container names it",
                Cost = RepairCost.Nothing,
                Remedy = "it is removed",
            }, _ => NetworkService.DeleteNamespace(path));
        }
    }

    /// <summary>The namespace of an ordinary user's bridges.</summary>
    private IEnumerable<Damage> Bridges()
    {
        if (parts.Networks.RootlessIsForsaken)
        {
            yield return new Damage(new()
            {
                Kind = FindingKind.LeakedNamespace,
                Object = "network namespace",
                Id = "rootless-netns",
                Path = parts.Networks.RootlessPath,
                Problem = "the namespace of the bridges is there, and no container uses it",
                Cost = RepairCost.Nothing,
                Remedy = "it is removed, with its processes",
            }, _ => parts.Networks.Leave(parts.Networks.RootlessPath));
        }
    }

    private IEnumerable<Damage> Rules() => FirewallRecord.List(parts.Paths.NetavarkDirectory).Where(record => liveness.IsOver(record.ContainerId))
        .Select(record => Connection(FindingKind.PortRules, record.ContainerId, record.Network, record.Path,
            $"{string.Join(", ", record.Ports)} is forwarded to {liveness.Describe(record.ContainerId)}", record.Addresses, record.Ports));

    private IEnumerable<Damage> Names() => DnsRecord.List(parts.Paths.NetavarkDirectory).Where(record => liveness.IsOver(record.ContainerId))
        .Select(record => Connection(FindingKind.NetworkName, record.ContainerId, record.Network, record.Path,
            $"the network {record.Network} has names for {liveness.Describe(record.ContainerId)}", record.Addresses, []));

    /// <summary>What netavark made, netavark takes down: it is told what it was told for the set-up.</summary>
    private Damage Connection(FindingKind kind, string id, string network, string path, string problem, IReadOnlyList<string> addresses, IReadOnlyList<PortMapping> ports)
    {
        var finding = new StorageFinding { Kind = kind, Object = "network", Id = network, Path = path, Problem = problem };
        if (!networks.TryGetValue(network, out var definition))
            return new Damage(finding with { Cost = RepairCost.Impossible, Remedy = $"the network {network} is gone: a reboot clears its rules" });
        return new Damage(finding with { Cost = RepairCost.Nothing, Remedy = "netavark takes it down" }, token =>
        {
            var attachment = new NetworkAttachment { Network = network, StaticIps = addresses, InterfaceName = "eth0" };
            var request = NetavarkJson.Request(id, id[..12], id[..12], [attachment],
                new Dictionary<string, NetworkDefinition> { [network] = definition }, ports, []);
            var place = parts.Networks.NamespacePath(id);
            parts.Networks.Teardown(request, place, token);
            NetworkService.DeleteNamespace(place);
        });
    }

    private static HashSet<ulong> ReadInhabited()
    {
        var inodes = new HashSet<ulong>();
        foreach (var entry in Files.ReadDirectory("/proc"))
        {
            if (int.TryParse(entry.Name, CultureInfo.InvariantCulture, out var pid)
                && Files.TryStatus(Files.Absolute, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net"), followLink: true, out var status) == Errno.None)
                inodes.Add(status.Inode);
        }
        return inodes;
    }

    [GeneratedRegex("^netns-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceName();

    // podman's are random UUIDs of version 4, which we can't tell from ours by more than this: those are podman's to judge.
    [GeneratedRegex("^netns-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]", RegexOptions.CultureInvariant)]
    private static partial Regex RandomName();
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Turns what a user asks for into a network's definition, by podman's rules.</summary>
/// <param name="existing">The networks that there are.</param>
/// <param name="host">The networks that the host reaches directly.</param>
/// <param name="pools">containers.conf's pools of subnets.</param>
/// <param name="divides">Whether its addresses are divided with podman; not where one book is for all (CNI).</param>
internal sealed class NetworkMaker(IReadOnlyList<NetworkDefinition> existing, IReadOnlyList<IPNetwork> host, IReadOnlyList<SubnetPool> pools, bool divides = true)
{
    private const int InterfaceNameMaximum = 15; // IFNAMSIZ without the end

    private static readonly string[] Modes = ["bridge", "none", "host", "container", "ns", "private", "slirp4netns", "pasta", "default"];

    /// <summary>Makes the definition; nothing is written.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NameInUse, InUse or Unsupported.</exception>
    internal NetworkDefinition Make(NetworkSpec spec)
    {
        var options = NetworkOptions.Read(spec);
        var device = Device(spec, options);
        var name = spec.Name.Length > 0 ? spec.Name : FreeName();
        CheckName(name);
        var ipam = IpamDriver(spec);
        var dns = spec.Driver == "bridge" && ipam != "none" && !spec.DisableDns;
        if (spec.DnsServers.Count > 0 && !dns)
            throw EngineErrors.InvalidArgument("cannot set NetworkDNSServers if DNS is not enabled for the network", spec.DnsServers[0], "leave out the name servers, or take a bridge with a name server");
        if (spec.DnsServers.FirstOrDefault(server => !IPAddress.TryParse(server, out _)) is { } wrong)
            throw EngineErrors.InvalidArgument($"unable to parse ip {wrong}", wrong, "give name servers as addresses, for example 9.9.9.9");
        var subnets = Subnets(spec, ipam, unmanaged: options.GetValueOrDefault("mode") == "unmanaged", gateways: !spec.Internal || (dns && divides));
        foreach (var route in spec.Routes) CheckRoute(route);
        return NetworkFile.Complete(new()
        {
            Name = name,
            Id = Convert.ToHexStringLower(Entropy.Bytes(32)),
            Driver = spec.Driver,
            Interface = device,
            Created = DateTimeOffset.UtcNow,
            Subnets = subnets,
            Routes = spec.Routes,
            IPv6Enabled = spec.IPv6 || subnets.Any(subnet => subnet.Network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6),
            Internal = spec.Internal,
            DnsEnabled = dns,
            DnsServers = spec.DnsServers,
            Labels = new Dictionary<string, string>(spec.Labels) { [NetworkDefinition.OwnerLabel] = NetworkRules.OwnerText(subnets) },
            Options = options,
            IpamDriver = ipam,
        });
    }

    /// <summary>Checks a name by podman's rule, which also keeps the file inside its directory.</summary>
    private void CheckName(string name)
    {
        if (!NetworkStore.IsValidName(name))
            throw EngineErrors.InvalidArgument($"network name {name} invalid: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument", name, "choose another name");
        if (Modes.Contains(name))
            throw EngineErrors.InvalidArgument($"cannot create network with name \"{name}\" because it conflicts with a valid network mode", name, "choose another name");
        if (name is "podman" or NetworkStore.DefaultName || existing.Any(network => network.Name == name))
            throw new ContainerEngineException(ErrorKind.NameInUse, "NameInUse", $"network name {name} already used: network already exists", name, "choose another name, or remove that network first");
    }

    private string FreeName()
    {
        for (var i = 1; ; i++)
            if (existing.All(network => network.Name != $"podsharp{i}")) return $"podsharp{i}";
    }

    /// <summary>The bridge, or the parent interface; empty for the parent that the default route names at each set-up.</summary>
    private string Device(NetworkSpec spec, Dictionary<string, string> options)
    {
        var device = options.Remove("com.docker.network.bridge.name", out var docker) ? docker : spec.Interface;
        if (options.Remove("parent", out var parent)) device = parent;
        if (device.Length > InterfaceNameMaximum)
            throw EngineErrors.InvalidArgument($"network interface name {device} invalid: interface name is too long: interface names must be {InterfaceNameMaximum} characters or less: invalid argument", device);
        if (device is "." or ".." || device.Any(c => c is '/' or ':' || char.IsWhiteSpace(c)))
            throw EngineErrors.InvalidArgument($"network interface name {device} invalid: it has a character that interfaces can't have", device, "use letters and digits");
        if (spec.Driver != "bridge")
        {
            if (device.Length > 0 && !Exists(device))
                throw EngineErrors.InvalidArgument($"parent interface {device} does not exist", device, "name an interface of this host: ip link");
            return device;
        }
        if (device.Length == 0) return FreeBridge(existing);
        if (options.GetValueOrDefault("mode") != "unmanaged" && existing.Any(network => network.Driver == "bridge" && network.Interface == device))
            throw new ContainerEngineException(ErrorKind.InUse, "BridgeInUse", $"bridge name {device} already in use", device, "choose another one");
        return device;
    }

    private static bool Exists(string device) => Directory.Exists("/sys/class/net/" + device);

    /// <summary>A bridge's name that no network and no interface has.</summary>
    internal static string FreeBridge(IReadOnlyList<NetworkDefinition> networks)
    {
        for (var i = 0; ; i++)
        {
            var name = $"podsharp{i}";
            if (networks.All(n => n.Interface != name) && !Exists(name)) return name;
        }
    }

    private static string IpamDriver(NetworkSpec spec)
    {
        var driver = spec.IpamDriver is { Length: > 0 } chosen and not "default" ? chosen
            : spec.Driver == "bridge" || spec.Subnets.Count > 0 ? NetworkDefinition.HostLocal : "dhcp";
        if (driver is not (NetworkDefinition.HostLocal or "dhcp" or "none"))
            throw EngineErrors.InvalidArgument($"unsupported ipam driver \"{driver}\"", driver, "use host-local, dhcp or none");
        if (driver == "dhcp" && spec.Driver == "ipvlan")
            throw EngineErrors.InvalidArgument("ipam driver dhcp is not supported with ipvlan", driver, "name a subnet, or take the ipam driver none");
        if (driver != NetworkDefinition.HostLocal && spec.Subnets.Count > 0)
            throw EngineErrors.InvalidArgument($"{driver} ipam driver is set but subnets are given", driver, "leave out one of them");
        if (driver == NetworkDefinition.HostLocal && spec.Driver != "bridge" && spec.Subnets.Count == 0)
            throw EngineErrors.InvalidArgument($"{spec.Driver} driver needs at least one subnet specified when the host-local ipam driver is set", driver, "name a subnet");
        return driver;
    }

    private List<NetworkSubnet> Subnets(NetworkSpec spec, string ipam, bool unmanaged, bool gateways)
    {
        if (spec.Subnets.Count == 0 && (spec.Gateways.Count > 0 || spec.IpRanges.Count > 0))
            throw EngineErrors.InvalidArgument("cannot set gateway or range without subnet", spec.Gateways.Concat(spec.IpRanges).First(), "name the subnet, too");
        if (ipam != NetworkDefinition.HostLocal) return [];
        // Others' subnets: a network on an interface of the host's lies in a subnet that the host has.
        var used = spec.Driver == "bridge" && !unmanaged ? Used() : [];
        var subnets = new List<IPNetwork>();
        foreach (var text in spec.Subnets)
        {
            var subnet = ParseSubnet(text);
            if (used.Any(other => AddressMath.Overlap(other, subnet)))
                throw new ContainerEngineException(ErrorKind.InUse, "SubnetInUse", $"subnet {subnet} is already used on the host or by another config", text, "choose another subnet, or leave it out to have a free one chosen");
            if (subnets.Any(other => AddressMath.Overlap(other, subnet)))
                throw EngineErrors.InvalidArgument($"subnet {subnet} overlaps with another one of this network", text, "choose another subnet");
            subnets.Add(subnet);
        }
        if (spec.Driver == "bridge") AddMissing(spec, subnets);
        var built = subnets.ConvertAll(network => new NetworkSubnet(network, Gateway(spec, network, gateways)));
        var ranged = WithRanges(spec, built);
        return divides ? ranged.ConvertAll(NetworkRules.Divide) : ranged;
    }

    private void AddMissing(NetworkSpec spec, List<IPNetwork> subnets)
    {
        if (subnets.Count == 0 || (spec.IPv6 && subnets.All(subnet => subnet.BaseAddress.AddressFamily != AddressFamily.InterNetwork)))
            subnets.Add(SubnetChooser.ChooseSmall(Used(), pools));
        if (spec.IPv6 && subnets.All(subnet => subnet.BaseAddress.AddressFamily != AddressFamily.InterNetworkV6)) subnets.Add(SubnetChooser.ChooseIPv6());
    }

    // podman's default network often has no file and its bridge may not be up: its subnet is kept free nevertheless.
    private List<IPNetwork> Used() => [.. existing.SelectMany(network => network.Subnets.Select(subnet => subnet.Network)), .. host, NetworkStore.PodmanSubnet];

    private static IPNetwork ParseSubnet(string text)
    {
        var slash = text.IndexOf('/');
        if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var address) || !byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
        {
            throw EngineErrors.InvalidArgument($"invalid CIDR address: {text}", text, "write a subnet as 10.89.0.0/24");
        }
        return AddressMath.NetworkOf(address, prefix);
    }

    private static IPAddress? Gateway(NetworkSpec spec, IPNetwork subnet, bool gateways)
    {
        foreach (var text in spec.Gateways)
        {
            if (!IPAddress.TryParse(text, out var address)) throw EngineErrors.InvalidArgument($"\"{text}\" is no IP address", text, "give the gateway as an address of the subnet");
            if (spec.Subnets.Select(ParseSubnet).All(other => !other.Contains(address)))
                throw EngineErrors.InvalidArgument($"gateway {text} not in subnet {string.Join(", ", spec.Subnets)}", text, "choose an address of the subnet");
            if (!subnet.Contains(address)) continue;
            if (address.Equals(subnet.BaseAddress)) throw EngineErrors.InvalidArgument($"gateway {text} is the address of the subnet itself", text, "choose another address of the subnet");
            return address;
        }
        return gateways ? AddressMath.Add(subnet.BaseAddress, 1) : null;
    }

    /// <summary>Gives each range to the subnet that it is in, as that's lease range.</summary>
    private static List<NetworkSubnet> WithRanges(NetworkSpec spec, List<NetworkSubnet> subnets)
    {
        foreach (var text in spec.IpRanges)
        {
            var (start, end) = ParseRange(text);
            var index = subnets.FindIndex(subnet => subnet.Network.Contains(start));
            if (index < 0) throw EngineErrors.InvalidArgument($"lease range start ip {start} not in subnet {string.Join(", ", spec.Subnets)}", text, "choose a range of the subnet");
            if (!subnets[index].Network.Contains(end)) throw EngineErrors.InvalidArgument($"lease range end ip {end} not in subnet {subnets[index].Network}", text, "choose a range of the subnet");
            if (subnets[index].LeaseStart is not null) throw EngineErrors.InvalidArgument($"the subnet {subnets[index].Network} has two ranges", text, "give one range a subnet");
            subnets[index] = subnets[index] with { LeaseStart = start, LeaseEnd = end };
        }
        return subnets;
    }

    private static (IPAddress Start, IPAddress End) ParseRange(string text)
    {
        if (text.Contains('/'))
        {
            var network = ParseSubnet(text);
            return (AddressMath.Add(network.BaseAddress, 1), AddressMath.Last(network));
        }
        var ends = text.Split('-');
        if (ends.Length != 2 || !IPAddress.TryParse(ends[0], out var start) || !IPAddress.TryParse(ends[1], out var end) || start.AddressFamily != end.AddressFamily)
            throw EngineErrors.InvalidArgument($"invalid range \"{text}\"", text, "write it as 10.89.0.0/26 or 10.89.0.10-10.89.0.20");
        if (AddressMath.ToNumber(end) < AddressMath.ToNumber(start)) throw EngineErrors.InvalidArgument($"the range {text} ends before it begins", text, "write the lower address first");
        return (start, end);
    }

    private static void CheckRoute(NetworkRoute route)
    {
        // IPNetwork takes addresses inside the network, too.
        if (!IPNetwork.TryParse(route.Destination, out var destination) || !route.Destination.StartsWith(destination.BaseAddress + "/", StringComparison.Ordinal)) throw EngineErrors.InvalidArgument("route destination invalid", route.Destination, "write the network's own address, as in 10.9.0.0/16");
        if (!IPAddress.TryParse(route.Gateway, out var gateway)) throw EngineErrors.InvalidArgument("route gateway invalid", route.Gateway, "give it as an address");
        if (gateway.AddressFamily != destination.BaseAddress.AddressFamily) throw EngineErrors.InvalidArgument("route destination and gateway must be of one family", route.ToString(), "give both in IPv4 or both in IPv6");
    }
}

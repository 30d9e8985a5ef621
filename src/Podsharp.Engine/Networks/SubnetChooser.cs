using System.Net;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Finds a subnet for a new network that collides with nothing.</summary>
internal static class SubnetChooser
{
    /// <summary>The first free subnet. Large ones are tried first: a host may run a thousand containers on the default network.
    /// They are taken from below podman's own 10.88.0.0/16 and outside its pools, so that <c>podman network create</c> finds its
    /// pools as it left them.</summary>
    /// <param name="used">Subnets of networks, routes and interfaces.</param>
    /// <param name="pools">containers.conf's pools, the last resort.</param>
    /// <exception cref="ContainerEngineException">InvalidState: no free subnet.</exception>
    internal static IPNetwork Choose(IReadOnlyCollection<IPNetwork> used, IReadOnlyList<SubnetPool> pools)
    {
        foreach (var candidate in Large().Concat(pools.SelectMany(Parts)))
        {
            if (!used.Any(u => AddressMath.Overlap(u, candidate))) return candidate;
        }
        throw EngineErrors.InvalidState(NetworkStore.DefaultName, "no free IPv4 subnet was found for a container network",
            "add a range to default_subnet_pools in containers.conf, or remove networks that are not used");
    }

    /// <summary>A free subnet for one of many networks: 4096 addresses, of which podman gets half. A host whose containers.conf names pools of
    /// its own gets one of those.</summary>
    /// <param name="used">Subnets of networks, routes and interfaces.</param>
    /// <param name="pools">containers.conf's pools.</param>
    /// <exception cref="ContainerEngineException">InvalidState: no free subnet.</exception>
    internal static IPNetwork ChooseSmall(IReadOnlyCollection<IPNetwork> used, IReadOnlyList<SubnetPool> pools)
    {
        var chosen = pools.SequenceEqual(new NetworkDefaults().DefaultSubnetPools) ? [] : pools.SelectMany(Parts);
        foreach (var candidate in chosen.Concat(Large().SelectMany(large => Parts(new SubnetPool(large.ToString(), 20)))).Concat(pools.SelectMany(Parts)))
        {
            if (!used.Any(u => AddressMath.Overlap(u, candidate))) return candidate;
        }
        throw EngineErrors.InvalidState("", "no free IPv4 subnet was found for a container network",
            "name one (--subnet), add a range to default_subnet_pools in containers.conf, or remove networks that are not used");
    }

    /// <summary>A subnet of IPv6 that nobody else has: unique local addresses (RFC 4193) with a random part.</summary>
    internal static IPNetwork ChooseIPv6()
    {
        var address = new byte[16];
        Native.Entropy.Bytes(8).CopyTo(address, 0);
        address[0] = 0xFD;
        return new IPNetwork(new IPAddress(address), 64);
    }

    /// <summary>The subnet with its gateway, and the part of it that podman may give out: the upper half, and we the lower one, so
    /// that a podman container on our network never gets an address of ours. podman's books and ours don't know each other.</summary>
    internal static NetworkSubnet Share(IPNetwork network)
    {
        var half = AddressMath.Size(network) / 2;
        return new NetworkSubnet(network, AddressMath.Add(network.BaseAddress, 1), AddressMath.Add(network.BaseAddress, half),
            AddressMath.Add(AddressMath.Last(network), -1));
    }

    private static IEnumerable<IPNetwork> Large()
    {
        for (var second = 87; second >= 64; second--) yield return new IPNetwork(new IPAddress([10, (byte)second, 0, 0]), 16);
        for (var second = 31; second >= 18; second--) yield return new IPNetwork(new IPAddress([172, (byte)second, 0, 0]), 16);
    }

    private static IEnumerable<IPNetwork> Parts(SubnetPool pool)
    {
        if (!IPNetwork.TryParse(pool.Base, out var whole) || pool.Size < whole.PrefixLength || pool.Size > 30) yield break;
        var count = 1L << Math.Min(pool.Size - whole.PrefixLength, 16);
        var step = 1L << (32 - pool.Size);
        for (long i = 0; i < count; i++) yield return new IPNetwork(AddressMath.Add(whole.BaseAddress, i * step), pool.Size);
    }
}

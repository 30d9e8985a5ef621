using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>The rule by which addresses are chosen: the next one after the last one given, so that an address rests before it is
/// used again. Pure: what is taken is asked from the caller.</summary>
internal static class AddressAllocator
{
    /// <summary>Chooses an address.</summary>
    /// <param name="subnet">The subnet; the part that podman gives out (<see cref="NetworkSubnet.LeaseStart"/>) is left out.</param>
    /// <param name="last">The last address given; null at first.</param>
    /// <param name="isTaken">Whether an address is taken.</param>
    /// <returns>Null where none is free.</returns>
    internal static IPAddress? Next(NetworkSubnet subnet, IPAddress? last, Func<IPAddress, bool> isTaken)
    {
        var family = subnet.Network.BaseAddress.AddressFamily;
        var (first, end) = Range(subnet);
        if (end < first) return null;
        var previous = last is not null && last.AddressFamily == family ? AddressMath.ToNumber(last) : first - 1;
        var start = previous < first || previous >= end ? first : previous + 1;
        // No more than 2^17 steps: a larger subnet (IPv6) has a free address long before.
        var count = BigInteger.Min(end - first + 1, 1 << 17);
        for (BigInteger step = 0; step < count; step++)
        {
            var number = first + ((start - first + step) % (end - first + 1));
            var address = AddressMath.ToAddress(number, family);
            if (!address.Equals(subnet.Gateway) && !isTaken(address)) return address;
        }
        return null;
    }

    /// <summary>Checks an address that a user asks for.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: it is no address for a container of this subnet.</exception>
    internal static void CheckWanted(string network, NetworkSubnet subnet, IPAddress wanted)
    {
        if (!subnet.Network.Contains(wanted))
        {
            throw EngineErrors.InvalidArgument($"the address {wanted} is not in the subnet {subnet.Network} of the network {network}", wanted.ToString(),
                "choose an address of that subnet");
        }
        var broadcast = wanted.AddressFamily == AddressFamily.InterNetwork && wanted.Equals(AddressMath.Last(subnet.Network));
        if (wanted.Equals(subnet.Gateway) || wanted.Equals(subnet.Network.BaseAddress) || broadcast)
        {
            throw EngineErrors.InvalidArgument($"the address {wanted} is the gateway, network or broadcast address of {subnet.Network}", wanted.ToString(),
                "choose another address of that subnet");
        }
    }

    // The usable addresses: neither network nor broadcast address, nor those left to podman (the upper part, where a range is set).
    private static (BigInteger First, BigInteger End) Range(NetworkSubnet subnet)
    {
        if (subnet is { OwnStart: { } start, OwnEnd: { } last }) return (AddressMath.ToNumber(start), AddressMath.ToNumber(last));
        var first = AddressMath.ToNumber(subnet.Network.BaseAddress) + 1;
        var end = AddressMath.ToNumber(AddressMath.Last(subnet.Network));
        if (subnet.Network.BaseAddress.AddressFamily == AddressFamily.InterNetwork) end -= 1;
        if (subnet.LeaseStart is { } podman && AddressMath.ToNumber(podman) > first + 1) end = AddressMath.ToNumber(podman) - 1;
        return (first, end);
    }
}

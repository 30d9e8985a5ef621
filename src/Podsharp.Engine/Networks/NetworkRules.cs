using System.Net;
using System.Numerics;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Who may give out which addresses of a network: podman's address book (ipam.db) and ours don't know each other.</summary>
internal static class NetworkRules
{
    // Below this there is nothing to divide: all of it is ours.
    private const int SmallestShare = 8;

    /// <summary>The reason for which no container of ours can join a network; null where it can: it is ours, nobody keeps books on its addresses,
    /// or podman gives out a part only.</summary>
    internal static string? WhyForeign(NetworkDefinition network) =>
        network.IsOwn || !network.HasAddresses || network.Subnets.All(subnet => Rest(subnet) is not null) ? null
        : "podman gives out all its addresses, in an address book (ipam.db) that podsharp doesn't write";

    /// <summary>A subnet of podman's with the part that podman doesn't give out as ours; null where there is none.</summary>
    internal static NetworkSubnet? Rest(NetworkSubnet subnet)
    {
        if (subnet is not { LeaseStart: { } start, LeaseEnd: { } end }) return null;
        var family = subnet.Network.BaseAddress.AddressFamily;
        var (first, last) = Usable(subnet.Network);
        var below = (First: first, Last: AddressMath.ToNumber(start) - 1);
        var above = (First: AddressMath.ToNumber(end) + 1, Last: last);
        var (ownFirst, ownLast) = above.Last - above.First > below.Last - below.First ? above : below;
        var free = ownLast - ownFirst + 1 - (subnet.Gateway is { } gateway && AddressMath.ToNumber(gateway) >= ownFirst && AddressMath.ToNumber(gateway) <= ownLast ? 1 : 0);
        return free < 1 ? null : subnet with { OwnStart = AddressMath.ToAddress(ownFirst, family), OwnEnd = AddressMath.ToAddress(ownLast, family) };
    }

    /// <summary>Divides the addresses to give out: the lower half is ours, the upper one podman's. Of a small range podman gets the gateway's
    /// address, which it never gives out: it can't join then, rather than give an address twice.</summary>
    /// <param name="subnet">The subnet with its gateway; its lease range, if it has one, is what is to be given out.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: there is nothing to give out.</exception>
    internal static NetworkSubnet Divide(NetworkSubnet subnet)
    {
        var family = subnet.Network.BaseAddress.AddressFamily;
        var (first, last) = Usable(subnet.Network);
        if (subnet.LeaseStart is { } start) first = BigInteger.Max(first, AddressMath.ToNumber(start));
        if (subnet.LeaseEnd is { } end) last = BigInteger.Min(last, AddressMath.ToNumber(end));
        var gateway = subnet.Gateway is { } address ? AddressMath.ToNumber(address) : (BigInteger?)null;
        var count = last - first + 1 - (gateway >= first && gateway <= last ? 1 : 0);
        if (count < 1 || (count < SmallestShare && gateway is null))
        {
            throw EngineErrors.InvalidArgument($"the subnet {subnet.Network} has too few addresses to give out", subnet.Network.ToString(), "choose a larger subnet or range");
        }
        if (count < SmallestShare) return Share(gateway!.Value, gateway.Value, first, last);
        var middle = first + ((last - first + 1) / 2);
        return Share(middle, last, first, middle - 1);

        NetworkSubnet Share(BigInteger leaseFirst, BigInteger leaseLast, BigInteger ownFirst, BigInteger ownLast) => subnet with
        {
            LeaseStart = AddressMath.ToAddress(leaseFirst, family),
            LeaseEnd = AddressMath.ToAddress(leaseLast, family),
            OwnStart = AddressMath.ToAddress(ownFirst, family),
            OwnEnd = AddressMath.ToAddress(ownLast, family),
        };
    }

    /// <summary>What the owner's label says of subnets that were divided.</summary>
    internal static string OwnerText(IReadOnlyList<NetworkSubnet> subnets) => subnets.Any(subnet => subnet.OwnStart is not null)
        ? string.Join(',', subnets.Select(subnet => $"{subnet.OwnStart}-{subnet.OwnEnd}")) : NetworkDefinition.WholeOwner;

    /// <summary>The addresses between the network's own and the broadcast address.</summary>
    private static (BigInteger First, BigInteger Last) Usable(IPNetwork network) => (AddressMath.ToNumber(network.BaseAddress) + 1,
        AddressMath.ToNumber(AddressMath.Last(network)) - (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 1 : 0));
}

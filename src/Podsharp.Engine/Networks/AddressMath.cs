using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace Podsharp.Engine.Networks;

/// <summary>Arithmetic on addresses of either family.</summary>
internal static class AddressMath
{
    /// <summary>The address as a number.</summary>
    internal static BigInteger ToNumber(IPAddress address) => new(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);

    /// <summary>The number as an address.</summary>
    internal static IPAddress ToAddress(BigInteger number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[family == AddressFamily.InterNetwork ? 4 : 16];
        bytes.Clear();
        var digits = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(bytes[(bytes.Length - digits.Length)..]);
        return new IPAddress(bytes);
    }

    /// <summary>The address a number of steps on.</summary>
    internal static IPAddress Add(IPAddress address, BigInteger steps) => ToAddress(ToNumber(address) + steps, address.AddressFamily);

    /// <summary>The last address of a network.</summary>
    internal static IPAddress Last(IPNetwork network) => ToAddress(ToNumber(network.BaseAddress) + Size(network) - 1, network.BaseAddress.AddressFamily);

    /// <summary>How many addresses a network has.</summary>
    internal static BigInteger Size(IPNetwork network) =>
        BigInteger.One << ((network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength);

    /// <summary>Whether two networks share an address.</summary>
    internal static bool Overlap(IPNetwork a, IPNetwork b) =>
        a.BaseAddress.AddressFamily == b.BaseAddress.AddressFamily && (a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress));

    /// <summary>The network an address and a prefix length lie in.</summary>
    internal static IPNetwork NetworkOf(IPAddress address, int prefixLength)
    {
        var hostBits = (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - prefixLength;
        return new IPNetwork(ToAddress(ToNumber(address) >> hostBits << hostBits, address.AddressFamily), prefixLength);
    }
}

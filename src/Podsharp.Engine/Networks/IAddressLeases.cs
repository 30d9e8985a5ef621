using System.Net;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Who has which address. One instance lives as long as a write transaction on the state.</summary>
internal interface IAddressLeases
{
    /// <summary>Gives a container an address of a subnet. A container that has one there already keeps it, unless it wants another.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="subnet">The subnet.</param>
    /// <param name="containerId">The container.</param>
    /// <param name="wanted">The address it asks for; null takes the next free one after the last one given.</param>
    /// <param name="foreign">Addresses that somebody else is known to use.</param>
    /// <exception cref="ContainerEngineException">InUse: the wanted address is taken, or none is free. InvalidArgument: it lies outside.</exception>
    IPAddress Reserve(string network, NetworkSubnet subnet, string containerId, IPAddress? wanted = null, IReadOnlySet<IPAddress>? foreign = null);

    /// <summary>Refuses an address that couldn't be given to a container that wants it.</summary>
    /// <exception cref="ContainerEngineException">InUse: it is taken. InvalidArgument: it can't be given.</exception>
    void Check(string network, NetworkSubnet subnet, IPAddress wanted, IReadOnlySet<IPAddress>? foreign = null);

    /// <summary>The addresses a container has, as (network, address).</summary>
    IReadOnlyList<(string Network, IPAddress Address)> Of(string containerId);

    /// <summary>Gives back the addresses that a container has in other networks than these.</summary>
    void Keep(string containerId, IReadOnlyCollection<string> networks);

    /// <summary>Gives back all addresses of a container; none is fine.</summary>
    void Release(string containerId);

    /// <summary>Gives back all addresses, as after a reboot.</summary>
    void Clear();
}

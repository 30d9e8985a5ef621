using System.Net;
using Podsharp.Engine.Networks;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class AddressTests : IDisposable
{
    private static readonly NetworkSubnet Small = new(IPNetwork.Parse("10.1.2.0/29"), IPAddress.Parse("10.1.2.1"));
    private readonly string directory = Directory.CreateTempSubdirectory("podsharp-test-").FullName;

    [Fact]
    public void Next_skips_gateway_network_and_broadcast_and_wraps()
    {
        var given = new List<string>();
        IPAddress? last = null;
        for (var i = 0; i < 6; i++)
        {
            last = AddressAllocator.Next(Small, last, _ => false);
            given.Add(last!.ToString());
        }
        Assert.Equal(["10.1.2.2", "10.1.2.3", "10.1.2.4", "10.1.2.5", "10.1.2.6", "10.1.2.2"], given);
    }

    [Fact]
    public void Next_is_null_when_all_are_taken() => Assert.Null(AddressAllocator.Next(Small, null, _ => true));

    [Fact]
    public void Next_leaves_podmans_half_alone()
    {
        var subnet = SubnetChooser.Share(IPNetwork.Parse("10.1.2.0/29"));
        Assert.Equal(["10.1.2.2", "10.1.2.3"], Enumerable.Range(0, 2)
            .Aggregate(new List<IPAddress>(), (l, _) => [.. l, AddressAllocator.Next(subnet, l.LastOrDefault(), l.Contains)!]).Select(a => a.ToString()));
        Assert.Null(AddressAllocator.Next(subnet, null, a => a.ToString() is "10.1.2.2" or "10.1.2.3"));
        Assert.Equal("10.1.2.4", subnet.LeaseStart!.ToString());
        Assert.Equal("10.1.2.6", subnet.LeaseEnd!.ToString());
    }

    [Fact]
    public void Next_works_for_ipv6()
    {
        var subnet = new NetworkSubnet(IPNetwork.Parse("fd00::/64"), IPAddress.Parse("fd00::1"));
        Assert.Equal("fd00::2", AddressAllocator.Next(subnet, null, _ => false)!.ToString());
        Assert.Equal("fd00::a", AddressAllocator.Next(subnet, IPAddress.Parse("fd00::9"), _ => false)!.ToString());
    }

    [Theory]
    [InlineData("10.1.2.1")]
    [InlineData("10.1.2.0")]
    [InlineData("10.1.2.7")]
    [InlineData("10.9.9.9")]
    public void A_wanted_address_must_be_usable(string wanted) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => AddressAllocator.CheckWanted("n", Small, IPAddress.Parse(wanted))).Kind);

    [Fact]
    public void Leases_are_kept_wanted_refused_and_released()
    {
        using var database = new StateDatabase(directory);
        T Write<T>(Func<IAddressLeases, T> action) => database.Write(Durability.Boot, (c, t) => action(new AddressLeaseTable(c, t)));
        Assert.Equal("10.1.2.2", Write(l => l.Reserve("n", Small, "a")).ToString());
        Assert.Equal("10.1.2.2", Write(l => l.Reserve("n", Small, "a")).ToString());
        Assert.Equal("10.1.2.3", Write(l => l.Reserve("n", Small, "b")).ToString());
        var error = Assert.Throws<ContainerEngineException>(() => Write(l => l.Reserve("n", Small, "c", IPAddress.Parse("10.1.2.3"))));
        Assert.Equal(ErrorKind.InUse, error.Kind);
        Assert.Equal("10.1.2.6", Write(l => l.Reserve("n", Small, "c", IPAddress.Parse("10.1.2.6"))).ToString());
        Assert.Equal("10.1.2.5", Write(l => l.Reserve("n", Small, "d", null, new HashSet<IPAddress> { IPAddress.Parse("10.1.2.4") })).ToString());
        Write<int>(l => { l.Release("a"); return 0; });
        Assert.Empty(Write(l => l.Of("a")));
        // The released one comes last: an address rests before it is used again.
        Assert.Equal("10.1.2.2", Write(l => l.Reserve("n", Small, "e")).ToString());
    }

    [Fact]
    public void Parallel_starts_never_get_one_address_twice()
    {
        var subnet = new NetworkSubnet(IPNetwork.Parse("10.2.0.0/16"), IPAddress.Parse("10.2.0.1"));
        var given = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 8, worker =>
        {
            using var database = new StateDatabase(directory);
            for (var i = 0; i < 20; i++)
                given.Add(database.Write(Durability.Boot, (c, t) => new AddressLeaseTable(c, t).Reserve("n", subnet, $"{worker}-{i}")).ToString());
        });
        Assert.Equal(160, given.Distinct().Count());
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}

using System.Net;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class NetworkMakerTests
{
    private static readonly NetworkMaker Maker = new([], [IPNetwork.Parse("192.0.2.0/24")], new NetworkDefaults().DefaultSubnetPools);

    private static NetworkSubnet Only(NetworkSpec spec) => Assert.Single(Maker.Make(spec with { Name = "n" }).Subnets);

    [Theory]
    [InlineData("10.1.0.0/24", "", "10.1.0.1", "10.1.0.127", "10.1.0.128", "10.1.0.254")]
    [InlineData("10.1.0.0/24", "10.1.0.0/26", "10.1.0.1", "10.1.0.31", "10.1.0.32", "10.1.0.63")]
    [InlineData("10.1.0.0/24", "10.1.0.100-10.1.0.109", "10.1.0.100", "10.1.0.104", "10.1.0.105", "10.1.0.109")]
    // Few: all ours, and podman has what it never gives out.
    [InlineData("10.1.0.0/29", "", "10.1.0.1", "10.1.0.6", "10.1.0.1", "10.1.0.1")]
    [InlineData("10.1.0.0/24", "10.1.0.9-10.1.0.9", "10.1.0.9", "10.1.0.9", "10.1.0.1", "10.1.0.1")]
    [InlineData("fd00::/64", "", "fd00::1", "fd00::7fff:ffff:ffff:ffff", "fd00::8000:0:0:0", "fd00::ffff:ffff:ffff:ffff")]
    public void Addresses_are_divided_with_podman(string subnet, string range, string ownStart, string ownEnd, string leaseStart, string leaseEnd)
    {
        var made = Only(new NetworkSpec { Subnets = [subnet], IpRanges = range.Length > 0 ? [range] : [] });
        Assert.Equal((ownStart, ownEnd, leaseStart, leaseEnd), ($"{made.OwnStart}", $"{made.OwnEnd}", $"{made.LeaseStart}", $"{made.LeaseEnd}"));
    }

    [Fact]
    public void Nothing_but_ours_is_given_out()
    {
        var subnet = Only(new NetworkSpec { Subnets = ["10.1.0.0/28"], IpRanges = ["10.1.0.1-10.1.0.10"] });
        var given = new HashSet<IPAddress>();
        while (AddressAllocator.Next(subnet, given.LastOrDefault(), given.Contains) is { } next) Assert.True(given.Add(next));
        Assert.Equal(["10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5"], given.Select(address => address.ToString()));
    }

    [Theory]
    [InlineData("10.2.0.128", "10.2.0.255", "10.2.0.1", "10.2.0.127")]
    [InlineData("10.2.0.1", "10.2.0.99", "10.2.0.100", "10.2.0.254")]
    [InlineData("10.2.0.2", "10.2.0.254", null, null)]
    [InlineData("10.2.0.1", "10.2.0.254", null, null)]
    public void Of_podmans_networks_the_rest_is_used(string start, string end, string? ownStart, string? ownEnd)
    {
        var rest = NetworkRules.Rest(new(IPNetwork.Parse("10.2.0.0/24"), IPAddress.Parse("10.2.0.1"), IPAddress.Parse(start), IPAddress.Parse(end)));
        Assert.Equal((ownStart, ownEnd), (rest?.OwnStart?.ToString(), rest?.OwnEnd?.ToString()));
    }

    [Fact]
    public void The_file_says_what_was_asked_for()
    {
        var made = Maker.Make(new NetworkSpec
        {
            Name = "n", Subnets = ["10.1.0.0/24"], Gateways = ["10.1.0.9"], Routes = [new("10.9.0.0/16", "10.1.0.3", 7), new("10.8.0.0/16", "10.1.0.3")], Internal = true,
            DnsServers = ["192.0.2.53"], Interface = "br7", Labels = new Dictionary<string, string> { ["b"] = "c", ["a"] = "\"<&" }, Options = new Dictionary<string, string> { ["isolate"] = "1" },
        });
        var read = NetworkFile.Parse(System.Text.Encoding.UTF8.GetBytes(NetworkFile.Format(made)), "n")!;
        Assert.Equal(NetworkFile.Format(made), NetworkFile.Format(read));
        Assert.Equal(("br7", "true", "\"<&", true), (read.Interface, read.Options["isolate"], read.Labels["a"], read.Internal));
        Assert.Equal(made.Routes, read.Routes);
        Assert.Equal(made.Subnets, read.Subnets);
        Assert.Equal(["192.0.2.53"], read.DnsServers);
        Assert.Equal(made.Created.UtcTicks, read.Created.UtcTicks);
    }

    [Fact]
    public void Other_name_servers_leave_unknown_members_as_they_are()
    {
        var network = NetworkFile.Parse("""{"name":"n","id":"1","dns_enabled":true,"future":{"x":[1]},"network_dns_servers":["192.0.2.1"]}"""u8, "n")!;
        var changed = NetworkFile.WithDnsServers(network, ["192.0.2.2"]);
        Assert.Equal(["192.0.2.2"], changed.DnsServers);
        Assert.Equal("""{"x":[1]}""", changed.Raw.GetProperty("future").GetRawText());
        Assert.Empty(NetworkFile.WithDnsServers(changed, []).DnsServers);
    }

    [Fact]
    public void A_free_subnet_collides_with_nothing()
    {
        var taken = Maker.Make(new NetworkSpec { Name = "a" });
        var other = new NetworkMaker([taken], [], [new SubnetPool("10.200.0.0/16", 24)]).Make(new NetworkSpec { Name = "b", IPv6 = true });
        Assert.Equal("10.200.0.0/24", other.Subnets[0].Network.ToString());
        Assert.Equal(64, other.Subnets[1].Network.PrefixLength);
        Assert.False(AddressMath.Overlap(Maker.Make(new NetworkSpec { Name = "c" }).Subnets[0].Network, IPNetwork.Parse("10.88.0.0/16")));
    }
}

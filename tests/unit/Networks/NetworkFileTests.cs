using System.Net;
using System.Text;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class NetworkFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("podsharp-test-").FullName;

    private NetworkSettings Settings => new()
    {
        ConfigDirectory = directory,
        RunDirectory = directory + "/run",
        LockPath = directory + "/netavark.lock",
        NamespaceDirectory = directory + "/netns",
        DefaultCopyPath = directory + "/copy",
        SubnetPools = new NetworkDefaults().DefaultSubnetPools,
    };

    [Fact]
    public void Default_network_is_written_once_as_podman_writes_them()
    {
        var made = new NetworkStore(Settings).Resolve("");
        var text = File.ReadAllText(directory + "/podsharp.json");
        Assert.StartsWith("{\n     \"name\": \"podsharp\",\n     \"id\": ", text);
        Assert.Equal(NetworkStore.IdOf("podsharp"), made.Id);
        Assert.True(made.IsOwn && made.DnsEnabled && made.Driver == "bridge");
        var subnet = Assert.Single(made.Subnets);
        Assert.Equal(AddressMath.Add(subnet.Network.BaseAddress, 1), subnet.Gateway);
        Assert.False(AddressMath.Overlap(subnet.Network, IPNetwork.Parse("10.88.0.0/16")));
        Assert.Equal((UnixFileMode)0x1A4, File.GetUnixFileMode(directory + "/podsharp.json"));
        Assert.Equal(made.Subnets, new NetworkStore(Settings).Resolve("podsharp").Subnets);
        Assert.Equal(text, File.ReadAllText(directory + "/podsharp.json"));
    }

    [Fact]
    public void A_removed_default_network_comes_back_as_it_was_unless_its_subnet_is_taken()
    {
        new NetworkStore(Settings).Resolve("");
        var text = File.ReadAllText(directory + "/podsharp.json");
        File.Delete(directory + "/podsharp.json");
        var again = new NetworkStore(Settings).Resolve("");
        Assert.Equal(text, File.ReadAllText(directory + "/podsharp.json"));
        File.Delete(directory + "/podsharp.json");
        File.WriteAllText(directory + "/n1.json", $$"""{"name":"n1","id":"abc","subnets":[{"subnet":"{{again.Subnets[0].Network}}"}]}""");
        Assert.NotEqual(again.Subnets[0].Network, new NetworkStore(Settings).Resolve("").Subnets[0].Network);
    }

    [Fact]
    public void Networks_of_podman_are_refused_with_the_way_out()
    {
        File.WriteAllText(directory + "/n1.json", """{"name":"n1","id":"abc","driver":"bridge","subnets":[{"subnet":"10.89.0.0/24","gateway":"10.89.0.1"}]}""");
        var store = new NetworkStore(Settings);
        var foreign = Assert.Throws<ContainerEngineException>(() => store.Resolve("n1"));
        Assert.Equal("ForeignNetwork", foreign.ErrorId);
        Assert.Contains("podsharp", foreign.Remedy);
        Assert.Equal("ForeignNetwork", Assert.Throws<ContainerEngineException>(() => store.Resolve("podman")).ErrorId);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<ContainerEngineException>(() => store.Resolve("none-such")).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<ContainerEngineException>(() => store.Resolve("../n1")).Kind);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"name":"other","id":"a"}""")]
    [InlineData("""{"name":"n","id":"a","subnets":[{"subnet":"nonsense"}]}""")]
    public void Broken_files_are_skipped(string json) => Assert.Null(NetworkFile.Parse(Encoding.UTF8.GetBytes(json), "n"));

    [Fact]
    public void Subnets_in_use_are_left_alone()
    {
        IPNetwork[] used = [IPNetwork.Parse("10.87.5.0/24"), IPNetwork.Parse("10.86.0.0/15")];
        Assert.Equal("10.85.0.0/16", SubnetChooser.Choose(used, []).ToString());
        IPNetwork[] all = [IPNetwork.Parse("10.0.0.0/9"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("10.89.0.0/24")];
        Assert.Equal("192.168.4.0/24", SubnetChooser.Choose(all, [new SubnetPool("10.89.0.0/16", 24), new SubnetPool("192.168.4.0/22", 24)]).ToString());
        Assert.Throws<ContainerEngineException>(() => SubnetChooser.Choose([IPNetwork.Parse("0.0.0.0/0")], []));
    }

    [Fact]
    public void Host_networks_are_read_from_proc()
    {
        File.WriteAllText(directory + "/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
            + "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\neth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
        File.WriteAllText(directory + "/ipv6_route", "fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n");
        File.WriteAllText(directory + "/fib_trie", "Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.7.0.1\n        /32 host LOCAL\n     |-- 10.7.255.255\n        /32 link BROADCAST\n");
        Assert.Equal(["10.7.0.1/32", "192.0.2.0/24", "fd00::/64"], HostNetworks.Read(directory).Select(n => n.ToString()).Order());
        Assert.Equal("10.7.0.1", HostNetworks.FirstAddress(directory)!.ToString());
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}

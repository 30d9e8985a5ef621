using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class NameFileTests
{
    private static readonly NetworkStatus Status = new()
    {
        Network = "podsharp", Addresses = ["10.87.0.2/16"], Gateways = ["10.87.0.1"], DnsServers = ["10.87.0.1"], DnsSearch = ["dns.podman"],
    };

    [Fact]
    public void Hosts_in_podmans_order() => Assert.Equal("""
        1.2.3.4	db
        10.87.0.1	gw
        127.0.0.1	localhost
        192.0.2.2	build.example build
        10.87.0.1	host.containers.internal host.docker.internal
        10.87.0.2	web1 web

        """.ReplaceLineEndings("\n"), HostsFile.Build(new HostsRequest
    {
        AddHosts = ["db:1.2.3.4", "gw:host-gateway"],
        BaseContent = "# comment\n127.0.0.1 localhost\n\n192.0.2.2   build.example\tbuild # mine\n",
        HostName = "web1",
        ContainerName = "web",
        Status = [Status],
        HostAddress = "10.87.0.1",
    }));

    [Theory]
    [InlineData("1 a\n2 b\n9 mine\n", false, "1 a\n9 mine\n3 c\n")]
    [InlineData("2 b\n9 mine\n", false, "9 mine\n3 c\n")]
    [InlineData("2 b\n9 mine\n", true, "9 mine\n1 a\n3 c\n")]
    [InlineData("1 a\n3 c\n9 mine\n", true, "1 a\n3 c\n9 mine\n")]
    [InlineData("", true, "1 a\n3 c\n")]
    public void A_change_keeps_lines_of_others(string current, bool complete, string expected) =>
        Assert.Equal(expected, HostsFile.Merge(current, "1 a\n2 b\n", "1 a\n3 c\n", complete));

    [Fact]
    public void Localhost_is_added_where_it_is_missing() => Assert.Equal("127.0.0.1\tlocalhost\n::1\tlocalhost\n127.0.0.1\tc\n",
        HostsFile.Build(new HostsRequest { HostName = "c", LocalAddress = "127.0.0.1" }));

    [Fact]
    public void Extra_hosts_may_be_ipv6() =>
        Assert.StartsWith("fd00::5\tdb\n", HostsFile.Build(new HostsRequest { AddHosts = ["db:fd00::5"] }));

    [Theory]
    [InlineData("db")]
    [InlineData("db:")]
    [InlineData(":1.2.3.4")]
    [InlineData("db:nonsense")]
    [InlineData("db:host-gateway")]
    public void Bad_extra_hosts_are_refused(string extra) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => HostsFile.Build(new HostsRequest { AddHosts = [extra] })).Kind);

    [Fact]
    public void A_networks_own_server_comes_first() => Assert.Equal("search dns.podman corp.example\nnameserver 10.87.0.1\noptions ndots:2\n",
        ResolvConf.Build(new ResolvRequest
        {
            Servers = ["9.9.9.9"], Status = [Status], HostContent = "search corp.example\nnameserver 192.0.2.53\noptions ndots:2\n",
        }));

    [Fact]
    public void Loopback_servers_of_the_host_are_left_out() => Assert.Equal("nameserver 192.0.2.53\n",
        ResolvConf.Build(new ResolvRequest { HostContent = "nameserver 127.0.0.53\nnameserver 192.0.2.53\nnameserver ::1\n" }));

    [Fact]
    public void Public_servers_where_none_remains() => Assert.Equal("nameserver 8.8.8.8\nnameserver 8.8.4.4\n",
        ResolvConf.Build(new ResolvRequest { HostContent = "nameserver 127.0.0.1\n" }));

    [Fact]
    public void The_hosts_network_keeps_the_hosts_servers() => Assert.Equal("nameserver 127.0.0.1\n",
        ResolvConf.Build(new ResolvRequest { HostContent = "nameserver 127.0.0.1\n", HostNetwork = true }));

    [Fact]
    public void The_users_choice_replaces_the_hosts() => Assert.Equal("search a b\nnameserver 9.9.9.9\noptions debug\n",
        ResolvConf.Build(new ResolvRequest
        {
            Servers = ["9.9.9.9"], Search = ["a", "b"], Options = ["debug"], HostContent = "search x\nnameserver 192.0.2.53\noptions ndots:2\n",
        }));

    [Fact]
    public void A_dot_removes_the_search_list() => Assert.Equal("nameserver 192.0.2.53\n",
        ResolvConf.Build(new ResolvRequest { Search = ["."], HostContent = "search x\nnameserver 192.0.2.53\n" }));
}

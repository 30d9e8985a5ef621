using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class SlirpTests
{
    private static string Arguments(string options, string? socket = null) =>
        string.Join(' ', Slirp.Arguments(SlirpOptions.Parse([], options), socket, "/run/netns/x"));

    [Fact]
    public void Arguments_as_podman_gives_them() => Assert.Equal(
        "--disable-host-loopback --mtu=65520 --enable-sandbox --enable-seccomp --enable-ipv6 -c -r 3 -e 4 --netns-type=path /run/netns/x tap0", Arguments(""));

    [Fact]
    public void Each_option_is_passed_on() => Assert.Equal(
        "--mtu=1400 --enable-sandbox --enable-seccomp --cidr=10.9.0.0/16 --outbound-addr=192.0.2.2 -c -r 3 -e 4 --api-socket /run/s --netns-type=path /run/netns/x tap0",
        Arguments("mtu=1400,cidr=10.9.0.0/16,allow_host_loopback=true,enable_ipv6=false,outbound_addr=192.0.2.2,port_handler=slirp4netns", "/run/s"));

    [Fact]
    public void A_users_option_wins_over_the_configurations() =>
        Assert.Equal(1400, SlirpOptions.Parse(["mtu=1500", "enable_ipv6=false"], "mtu=1400").Mtu);

    [Theory]
    [InlineData("", "10.0.2.100", "10.0.2.3")]
    [InlineData("cidr=10.9.3.7/16", "10.9.0.100", "10.9.0.3")]
    public void Addresses_follow_from_the_network(string options, string address, string server)
    {
        var parsed = SlirpOptions.Parse([], options);
        Assert.Equal((address, server), (parsed.Address, parsed.NameServer));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("nonsense=1")]
    [InlineData("mtu=67")]
    [InlineData("cidr=10.0.0.0")]
    [InlineData("cidr=10.0.0.0/26")]
    [InlineData("cidr=fd00::/64")]
    [InlineData("enable_ipv6=1")]
    [InlineData("outbound_addr=fd00::1")]
    [InlineData("outbound_addr=../net")]
    [InlineData("outbound_addr6=192.0.2.2")]
    [InlineData("outbound_addr6=fd00::1,enable_ipv6=false")]
    [InlineData("port_handler=other")]
    public void Nonsense_is_refused(string options) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => SlirpOptions.Parse([], options)).Kind);

    [Fact]
    public void A_port_is_forwarded_by_a_request() => Assert.Equal(
        """{"execute":"add_hostfwd","arguments":{"proto":"udp","host_addr":"0.0.0.0","host_port":8081,"guest_addr":"10.0.2.100","guest_port":81}}""",
        Slirp.HostForward(new PortMapping { HostPort = 8080, ContainerPort = 80, Range = 2, Protocol = "udp" }, 1, "10.0.2.100"));
}

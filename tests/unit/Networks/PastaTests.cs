using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class PastaTests
{
    private static string Arguments(string options, params PortMapping[] ports) =>
        string.Join(' ', Pasta.Arguments(["-4"], options, ports, "/run/netns/x", rootless: false));

    [Fact]
    public void Nothing_is_forwarded_unless_it_is_published() => Assert.Equal(
        "--config-net -4 --dns-forward 169.254.1.1 -t none -u none -T none -U none --no-map-gw --runas 0 --quiet --netns /run/netns/x", Arguments(""));

    [Fact]
    public void Ports_are_published_in_ranges_on_addresses_by_protocol() => Assert.Equal(
        "--config-net -4 -t 8080-8080:80-80 -t 127.0.0.1/9000-9002:90-92 -u 5353-5353:53-53 --dns-forward 169.254.1.1 -T none -U none --no-map-gw --runas 0 --quiet --netns /run/netns/x",
        Arguments("", new() { HostPort = 8080, ContainerPort = 80 }, new() { HostIp = "127.0.0.1", HostPort = 9000, ContainerPort = 90, Range = 3 },
            new() { HostPort = 5353, ContainerPort = 53, Protocol = "udp" }));

    [Fact]
    public void A_users_options_are_passed_on_in_place_of_defaults() => Assert.Equal(
        "--config-net -4 --tcp-ports=auto -U auto --mtu 1400 --dns-forward 169.254.1.1 -u none -T none --runas 0 --quiet --netns /run/netns/x",
        Arguments("--tcp-ports=auto,-U,auto,--map-gw,--mtu,1400"));
}

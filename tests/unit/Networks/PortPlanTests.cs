using System.Net;
using System.Net.Sockets;
using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class PortPlanTests
{
    [Fact]
    public void Host_ports_are_chosen_where_none_is_given()
    {
        var ports = PortPlan.Resolve([new() { ContainerPort = 80 }, new() { ContainerPort = 53, Protocol = "UDP" }, new() { ContainerPort = 9000, Range = 3 }], [], false);
        Assert.Equal(3, ports.Count);
        Assert.All(ports, p => Assert.InRange(p.HostPort, 1024, 65535));
        Assert.Equal("udp", ports[1].Protocol);
        Assert.Equal(3, ports[2].Range);
    }

    [Fact]
    public void Publish_all_takes_exposed_ports_that_are_not_published()
    {
        var ports = PortPlan.Resolve([new() { ContainerPort = 80, HostPort = 18080 }], ["80/tcp", "53/udp"], true);
        Assert.Equal([(80, "tcp"), (53, "udp")], ports.Select(p => (p.ContainerPort, p.Protocol)));
        Assert.Equal(18080, ports[0].HostPort);
    }

    [Fact]
    public void A_container_port_may_be_published_several_times()
    {
        var ports = PortPlan.Resolve([new() { ContainerPort = 80, HostPort = 18080 }, new() { ContainerPort = 80 }, new() { ContainerPort = 80, HostPort = 18081 }], [], false);
        Assert.Equal((18080, 18081), (ports[0].HostPort, ports[2].HostPort));
        Assert.False(ports[1].HostPort is 0 or 18080 or 18081);
    }

    [Theory]
    [InlineData("80", 80, 1, "tcp")]
    [InlineData("53/udp", 53, 1, "udp")]
    [InlineData("8000-8010/tcp", 8000, 11, "tcp")]
    public void Exposed_ports_are_read(string text, int first, int range, string protocol)
    {
        var port = PortPlan.ParseExposed(text);
        Assert.Equal((first, range, protocol), (port.ContainerPort, port.Range, port.Protocol));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("80/icmp")]
    [InlineData("90-80")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-5")]
    public void Bad_exposed_ports_are_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => PortPlan.ParseExposed(text)).Kind);

    [Fact]
    public void Overlapping_mappings_are_refused_and_equal_ones_merged()
    {
        var a = new PortMapping { ContainerPort = 80, HostPort = 18080, Range = 5 };
        Assert.Single(PortPlan.Resolve([a, a], [], false));
        Assert.Throws<ContainerEngineException>(() => PortPlan.Resolve([a, new() { ContainerPort = 90, HostPort = 18084, HostIp = "127.0.0.1" }], [], false));
        Assert.Equal(2, PortPlan.Resolve([a, new() { ContainerPort = 90, HostPort = 18084, Protocol = "udp" }], [], false).Count);
        Assert.Equal(2, PortPlan.Resolve([a with { HostIp = "127.0.0.1" }, a with { HostIp = "127.0.0.2" }], [], false).Count);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1")]
    [InlineData("300.1.1.1")]
    public void Bad_host_addresses_are_refused(string address) =>
        Assert.Throws<ContainerEngineException>(() => PortPlan.Resolve([new() { ContainerPort = 80, HostPort = 1, HostIp = address }], [], false));

    [Fact]
    public void A_taken_port_is_named_with_its_holder()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        socket.Listen(1);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var error = Assert.Throws<ContainerEngineException>(() => PortReservation.Take([new() { ContainerPort = 80, HostPort = port }]));
        Assert.Equal(ErrorKind.PortInUse, error.Kind);
        Assert.Contains($"{port}/tcp is already in use by ", error.Message);
        Assert.Contains($"process {Environment.ProcessId}", error.Message);
    }

    [Fact]
    public void A_reservation_keeps_others_out_until_it_is_given_back()
    {
        var port = PortPlan.Resolve([new() { ContainerPort = 80 }], [], false);
        using (var held = PortReservation.Take(port))
        {
            Assert.Single(held.Handles);
            Assert.Throws<ContainerEngineException>(() => PortReservation.Take(port));
        }
        PortReservation.Take(port).Dispose();
    }

    [Fact]
    public void An_address_of_another_host_is_refused() => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() =>
        PortReservation.Take([new() { ContainerPort = 80, HostPort = 18080, HostIp = "198.51.100.7" }])).Kind);
}

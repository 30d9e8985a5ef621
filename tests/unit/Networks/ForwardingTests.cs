using System.Net.Sockets;
using Podsharp.Engine.Networks.Forwarding;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class ForwardingTests
{
    private static readonly PortMapping Web = new() { HostIp = "127.0.0.1", HostPort = 18080, ContainerPort = 80 };

    private static NetworkStatus Status(params string[] addresses) => new() { Network = "a", Addresses = addresses };

    [Fact]
    public void Ports_go_to_the_first_address_of_each_family()
    {
        var plan = ForwardingPlan.Create([Web], [Status("10.1.0.2/24"), Status("10.2.0.2/24", "fd00::2/64")]);
        Assert.Equal(("10.1.0.2", "fd00::2"), (plan!.IPv4, plan.IPv6));
    }

    [Fact]
    public void Without_ports_or_addresses_nothing_is_forwarded()
    {
        Assert.Null(ForwardingPlan.Create([], [Status("10.1.0.2/24")]));
        Assert.Null(ForwardingPlan.Create([Web], []));
    }

    [Fact]
    public void Another_address_or_port_is_another_plan()
    {
        string Text(PortMapping port, string address) => ForwardingPlan.Create([port], [Status(address)])!.ToText();
        Assert.Equal(Text(Web, "10.1.0.2/24"), Text(Web with { }, "10.1.0.2/24"));
        Assert.NotEqual(Text(Web, "10.1.0.2/24"), Text(Web, "10.1.0.3/24"));
        Assert.NotEqual(Text(Web, "10.1.0.2/24"), Text(Web with { HostIp = "" }, "10.1.0.2/24"));
        Assert.NotEqual(Text(Web, "10.1.0.2/24"), Text(Web with { Protocol = "udp" }, "10.1.0.2/24"));
    }

    [Fact]
    public void The_forwarder_is_told_a_line_for_each_socket()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var free = ((System.Net.IPEndPoint)probe.LocalEndPoint!).Port;
        probe.Dispose();
        using var listeners = PortListeners.Open([Web with { HostPort = free }, Web with { HostPort = free, Protocol = "udp", ContainerPort = 53 }]);
        Assert.Equal("tcp fd00::2 80\nudp fd00::2 53\n", new ForwardingPlan([], null, "fd00::2").ForListeners(listeners));
        Assert.Equal("tcp 10.1.0.2 80\nudp 10.1.0.2 53\n", new ForwardingPlan([], "10.1.0.2", "fd00::2").ForListeners(listeners));
        Assert.Equal("PortInUse", Assert.Throws<ContainerEngineException>(() => PortListeners.Open([Web with { HostPort = free }])).ErrorId);
    }

    [Fact]
    public void A_forwarder_is_known_by_its_command()
    {
        Assert.True(ForwarderProcess.IsForwarder(["/bin/podsharp", "forward-ports", "id", "web"]));
        Assert.False(ForwarderProcess.IsForwarder(["forward-ports", "x", "id"]));
        Assert.False(ForwarderProcess.IsForwarder(["/bin/podsharp", "forward-ports"]));
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class CniTests
{
    private const string Podmans = """
        {
          "args": { "podman_labels": { "by": "podman" } }, "cniVersion": "0.4.0", "name": "theirs",
          "plugins": [
            { "type": "bridge", "bridge": "cni-podman1", "isGateway": true, "ipMasq": true, "hairpinMode": true, "mtu": 1400,
              "ipam": { "type": "host-local", "routes": [ { "dst": "0.0.0.0/0" } ], "ranges": [ [ { "subnet": "10.89.0.0/24", "rangeStart": "10.89.0.10", "rangeEnd": "10.89.0.20" } ] ] },
              "capabilities": { "ips": true } },
            { "type": "portmap", "capabilities": { "portMappings": true } },
            { "type": "firewall", "backend": "", "ingressPolicy": "same-bridge" },
            { "type": "tuning" }
          ]
        }
        """;

    private static NetworkDefinition Theirs => CniFile.Parse(Encoding.UTF8.GetBytes(Podmans), default)!;

    [Fact]
    public void A_list_is_read_as_podman_reads_it()
    {
        var network = Theirs;
        Assert.Equal(("theirs", "bridge", "cni-podman1", false, false, "host-local"),
            (network.Name, network.Driver, network.Interface, network.Internal, network.DnsEnabled, network.IpamDriver));
        Assert.Equal(new NetworkSubnet(IPNetwork.Parse("10.89.0.0/24"), IPAddress.Parse("10.89.0.1"), IPAddress.Parse("10.89.0.10"), IPAddress.Parse("10.89.0.20")), Assert.Single(network.Subnets));
        Assert.Equal(("1400", "true", "podman"), (network.Options["mtu"], network.Options["isolate"], network.Labels["by"]));
        Assert.True(network is { IsCni: true, HasAddresses: false, IsOwn: false });
        Assert.True(CniFile.Takes(network.Raw, "ips") && CniFile.Takes(network.Raw, "portMappings"));
        Assert.False(CniFile.Takes(network.Raw, "mac"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name": "x"}""")]
    [InlineData("""{"name": "x", "plugins": []}""")]
    [InlineData("""{"name": "x", "plugins": [{}]}""")]
    [InlineData("""{"name": "../x", "plugins": [{"type": "bridge"}]}""")]
    [InlineData("""{"name": "x", "plugins": [{"type": "bridge", "ipam": {"ranges": [[{"subnet": "nonsense"}]]}}]}""")]
    public void What_is_no_list_is_skipped(string text) => Assert.Null(CniFile.Parse(Encoding.UTF8.GetBytes(text), default));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var network = CniFile.Complete(new NetworkDefinition
        {
            Name = "ours",
            Id = "x",
            Interface = "podsharp7",
            Subnets = [new(IPNetwork.Parse("10.9.0.0/24"), IPAddress.Parse("10.9.0.1")), new(IPNetwork.Parse("fd00:9::/64"), IPAddress.Parse("fd00:9::1"))],
            DnsEnabled = true,
            Labels = new Dictionary<string, string> { [NetworkDefinition.OwnerLabel] = "own" },
            Options = new Dictionary<string, string> { ["vlan"] = "7" },
        }, hasNames: true);
        Assert.Equal(("ours", "podsharp7", true, true, true), (network.Name, network.Interface, network.DnsEnabled, network.IPv6Enabled, network.IsOwn));
        Assert.Equal(2, network.Subnets.Count);
        Assert.Equal("7", network.Options["vlan"]);
        Assert.Equal(network.Raw.GetRawText().Length, CniFile.Parse(Encoding.UTF8.GetBytes(network.Raw.GetRawText()), default)!.Raw.GetRawText().Length);
        Assert.EndsWith("}\n", CniFile.Format(network), StringComparison.Ordinal);
    }

    [Fact]
    public void Plugins_are_told_what_they_take_and_what_came_before()
    {
        var attachment = new NetworkAttachment { Network = "theirs", InterfaceName = "eth0", StaticIps = ["10.89.0.12"], StaticMac = "92:d0:c6:0a:29:33", Aliases = ["x"] };
        var request = NetavarkJson.Request("0123456789abcdef", "web", "web", [attachment], new Dictionary<string, NetworkDefinition> { ["theirs"] = Theirs },
            [new() { HostIp = "127.0.0.1", HostPort = 8080, ContainerPort = 80, Range = 2 }], []);
        Assert.True(CniCall.IsMeant(request));
        var call = Assert.Single(CniCall.From(request));
        var plugins = call.List.GetProperty("plugins");
        var bridge = JsonNode.Parse(call.Configure(plugins[0], null))!;
        Assert.Equal(("theirs", "0.4.0", "10.89.0.12/24"), ((string)bridge["name"]!, (string)bridge["cniVersion"]!, (string)bridge["runtimeConfig"]!["ips"]![0]!));
        Assert.Null(bridge["runtimeConfig"]!["mac"]);
        Assert.Null(bridge["prevResult"]);
        var portmap = JsonNode.Parse(call.Configure(plugins[1], JsonNode.Parse("""{"ips": []}""")))!;
        Assert.Equal("""[{"hostPort":8080,"containerPort":80,"protocol":"tcp","hostIP":"127.0.0.1"},{"hostPort":8081,"containerPort":81,"protocol":"tcp","hostIP":"127.0.0.1"}]""",
            portmap["runtimeConfig"]!["portMappings"]!.ToJsonString());
        Assert.NotNull(portmap["prevResult"]);
        Assert.Null(JsonNode.Parse(call.Configure(plugins[3], null))!["runtimeConfig"]);
    }

    [Fact]
    public void Answers_of_old_and_new_versions_are_read()
    {
        var attachment = new NetworkAttachment { Network = "theirs", InterfaceName = "eth0" };
        var request = NetavarkJson.Request("0123456789abcdef", "web", "web", [attachment], new Dictionary<string, NetworkDefinition> { ["theirs"] = Theirs }, [], []);
        var call = CniCall.From(request)[0];
        var now = CniResult.Status("""
            {"cniVersion": "0.4.0", "interfaces": [{"name": "cni-podman1", "mac": "aa:aa:aa:aa:aa:aa"}, {"name": "eth0", "mac": "bb:bb:bb:bb:bb:bb", "sandbox": "/run/netns/x"}],
             "ips": [{"version": "4", "interface": 1, "address": "10.89.0.12/24", "gateway": "10.89.0.1"}], "dns": {"nameservers": ["10.89.0.1"], "search": ["dns.podman"]}}
            """, call, attachment, Theirs);
        Assert.Equal(("bb:bb:bb:bb:bb:bb", "10.89.0.12/24", "10.89.0.1", "10.89.0.1", "dns.podman"),
            (now.MacAddress, now.Addresses[0], now.Gateways[0], now.DnsServers[0], now.DnsSearch[0]));
        var old = CniResult.Status("""{"ip4": {"ip": "10.89.0.12/24", "gateway": "10.89.0.1"}, "dns": {}}""", call, attachment, Theirs);
        Assert.Equal(("10.89.0.12/24", "10.89.0.1"), (old.Addresses[0], old.Gateways[0]));
    }
}

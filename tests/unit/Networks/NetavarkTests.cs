using System.Text.Json;
using Podsharp.Engine.Networks;
using Podsharp.Model;

namespace Podsharp.UnitTests.Networks;

public sealed class NetavarkTests : IDisposable
{
    private const string Request = """{"container_id":"c","networks":{"podsharp":{}}}""";
    private readonly string directory = Directory.CreateTempSubdirectory("podsharp-test-").FullName;

    private sealed class Script(params HelperResult[] answers) : IHelperRunner
    {
        internal List<HelperStart> Calls { get; } = [];

        public HelperResult Run(HelperStart start)
        {
            Calls.Add(start);
            return answers[Math.Min(Calls.Count, answers.Length) - 1];
        }
    }

    private Netavark Netavark(IHelperRunner runner)
    {
        File.WriteAllText(directory + "/netavark", "");
        return new(new NetworkSettings
        {
            ConfigDirectory = directory, RunDirectory = directory, LockPath = directory + "/lock", NamespaceDirectory = directory, HelperDirectories = [directory],
        }, runner);
    }

    [Fact]
    public void The_request_is_what_netavark_reads()
    {
        var network = NetworkFile.NewBridge("podsharp", "id1", "podsharp0", SubnetChooser.Share(System.Net.IPNetwork.Parse("10.87.0.0/16")), DateTimeOffset.UnixEpoch);
        var json = NetavarkJson.Request("c1", "web", "host1",
            [new() { Network = "podsharp", StaticIps = ["10.87.0.2"], Aliases = ["c1"], InterfaceName = "eth0" }],
            new Dictionary<string, NetworkDefinition> { ["podsharp"] = network }, [new() { HostPort = 8080, ContainerPort = 80 }], ["9.9.9.9"]);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Assert.Equal("10.87.0.2", root.GetProperty("networks").GetProperty("podsharp").GetProperty("static_ips")[0].GetString());
        Assert.Equal("""{"host_ip":"","container_port":80,"host_port":8080,"range":1,"protocol":"tcp"}""", root.GetProperty("port_mappings")[0].GetRawText());
        Assert.Equal("podsharp0", root.GetProperty("network_info").GetProperty("podsharp").GetProperty("network_interface").GetString());
        Assert.Equal("9.9.9.9", root.GetProperty("dns_servers")[0].GetString());
    }

    [Theory]
    [InlineData(true, "", "169.254.1.1")]
    [InlineData(true, "192.0.2.9", "192.0.2.9")]
    [InlineData(false, "", "")]
    public void A_network_that_names_no_servers_is_told_of_a_forwarder(bool dns, string own, string told)
    {
        var network = NetworkFile.NewBridge("podsharp", "id1", "podsharp0", SubnetChooser.Share(System.Net.IPNetwork.Parse("10.87.0.0/16")), DateTimeOffset.UnixEpoch);
        network = own.Length > 0 ? NetworkFile.WithDnsServers(network, [own]) : network with { DnsEnabled = dns };
        var json = NetavarkJson.Request("c1", "web", "host1", [new() { Network = "podsharp", InterfaceName = "eth0" }],
            new Dictionary<string, NetworkDefinition> { ["podsharp"] = network }, [], [], "169.254.1.1");
        using var document = JsonDocument.Parse(json);
        var info = document.RootElement.GetProperty("network_info").GetProperty("podsharp");
        Assert.Equal(told, info.TryGetProperty("network_dns_servers", out var servers) ? string.Join(',', servers.EnumerateArray()) : "");
        Assert.Equal("podsharp0", info.GetProperty("network_interface").GetString());
    }

    [Fact]
    public void The_answer_becomes_a_status()
    {
        var network = NetworkFile.NewBridge("podsharp", "id1", "podsharp0", SubnetChooser.Share(System.Net.IPNetwork.Parse("10.87.0.0/16")), DateTimeOffset.UnixEpoch);
        var request = new NetworkRequest("{}", new Dictionary<string, NetworkDefinition> { ["podsharp"] = network }, [new() { Network = "podsharp", Aliases = ["a"] }]);
        var runner = new Script(new HelperResult(0, "failed to connect to syslog: Initialization\n" +
            """{"podsharp":{"dns_search_domains":["dns.podman"],"dns_server_ips":["10.87.0.1"],"interfaces":{"eth0":{"mac_address":"aa:bb","subnets":[{"gateway":"10.87.0.1","ipnet":"10.87.0.2/16"}]}}}}""" + "\n"));
        var status = Assert.Single(Netavark(runner).Setup(request, "/ns", default).Status);
        Assert.Equal(("eth0", "aa:bb", "10.87.0.2/16", "10.87.0.1", "id1"),
            (status.InterfaceName, status.MacAddress, status.Addresses[0], status.Gateways[0], status.NetworkId));
        Assert.Contains("--config", runner.Calls[0].Arguments);
        Assert.Equal(["setup", "/ns"], runner.Calls[0].Arguments.TakeLast(2));
    }

    [Fact]
    public void A_busy_firewall_is_tried_again()
    {
        var runner = new Script(new HelperResult(1, """{"error":"nft: Could not process rule: Device or resource busy"}"""), new HelperResult(0, ""));
        Netavark(runner).Teardown(Request, "/ns", default);
        Assert.Equal(2, runner.Calls.Count);
    }

    [Fact]
    public void A_second_teardown_is_fine()
    {
        Netavark(new Script(new HelperResult(1, """{"error":"netavark encountered multiple errors:\n\t- IO error: No such file or directory (os error 2)\n\t- failed to delete container veth eth0: Netlink error: No such device (os error 19)"}""")))
            .Teardown(Request, "/ns", default);
        Assert.Equal("NetworkTeardownFailed", Assert.Throws<ContainerEngineException>(() => Netavark(new Script(new HelperResult(1,
            """{"error":"netavark encountered multiple errors:\n\t- No such file or directory\n\t- something else"}"""))).Teardown(Request, "/ns", default)).ErrorId);
    }

    [Fact]
    public void A_failed_setup_is_taken_down_and_explained()
    {
        var runner = new Script(new HelperResult(1, """{"error":"Operation not permitted (os error 1)"}"""));
        var error = Assert.Throws<ContainerEngineException>(() => Netavark(runner).Setup(
            new NetworkRequest(Request, new Dictionary<string, NetworkDefinition>(), []), "/ns", default));
        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains("teardown", runner.Calls[^1].Arguments);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}

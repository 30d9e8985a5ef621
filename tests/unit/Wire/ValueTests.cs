using Podsharp.Model;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.UnitTests.Wire;

public sealed class ValueTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(60, "About a minute")]
    [InlineData(150, "2 minutes")]
    [InlineData(3600, "About an hour")]
    [InlineData(7200, "2 hours")]
    [InlineData(86400 * 3, "3 days")]
    [InlineData(86400 * 21, "3 weeks")]
    [InlineData(86400 * 90, "3 months")]
    [InlineData(86400 * 365 * 3, "3 years")]
    public void Durations(int seconds, string expected) => Assert.Equal(expected, Human.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, 4, "0B")]
    [InlineData(636, 4, "636B")]
    [InlineData(364500, 4, "364.5kB")]
    [InlineData(67108864, 4, "67.11MB")]
    [InlineData(11400, 3, "11.4kB")]
    [InlineData(2223289, 3, "2.22MB")]
    [InlineData(880_000_000, 3, "880MB")]
    public void Sizes(long bytes, int digits, string expected) => Assert.Equal(expected, Human.Size(bytes, digits));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(2.187239, "2.187239s")]
    [InlineData(0.0021872, "2.1872ms")]
    [InlineData(0.000005, "5µs")]
    [InlineData(90.5, "1m30.5s")]
    [InlineData(3600, "1h0m0s")]
    public void Go_durations(double seconds, string expected) => Assert.Equal(expected, Human.GoDuration(TimeSpan.FromTicks((long)Math.Round(seconds * 1e7))));

    [Fact]
    public void Json_has_the_order_of_its_members_and_leaves_empty_ones_out()
    {
        var value = new WireStruct("x").Add("B", 1).Add("A", "<&>", "a").Add("C", null, omitEmpty: true).Add("D", WireList.Nil).Add("E", new WireMap().Set("k", true))
            .Add("T", Now).AddMethod("M", () => "hidden");
        Assert.Equal("{\"B\":1,\"a\":\"<&>\",\"D\":null,\"E\":{\"k\":true},\"T\":\"2026-01-31T12:00:00Z\"}", WireJson.ToText(value));
    }

    [Fact]
    public void Yaml_quotes_what_would_read_as_something_else()
    {
        var value = new WireStruct("x").Add("A", "plain").Add("B", "6.1").Add("C", "").Add("D", true).Add("E", WireList.From(["a", "b"]))
            .Add("F", new WireStruct("y").Add("G", "a: b").Add("H", WireList.From([]))).Add("I", "", omitEmpty: true);
        Assert.Equal("A: plain\nB: \"6.1\"\nC: \"\"\nD: true\nE:\n- a\n- b\nF:\n  G: \"a: b\"\n  H: []\n", WireYaml.ToText(value));
    }

    [Theory]
    [InlineData(ContainerState.Running, "Up 5 seconds")]
    [InlineData(ContainerState.Exited, "Exited (3) 2 minutes ago")]
    [InlineData(ContainerState.Created, "Created")]
    [InlineData(ContainerState.Lost, "Lost")]
    public void Status(ContainerState state, string expected) => Assert.Equal(expected, ContainerText.Status(new Container
    {
        Id = "a",
        Name = "b",
        State = state,
        Started = Now.AddSeconds(-5),
        Finished = Now.AddMinutes(-2),
        ExitCode = 3,
    }, Now));

    [Fact]
    public void A_listed_container_is_cut_in_templates_and_whole_in_json()
    {
        var container = new Container
        {
            Id = new string('a', 64),
            Name = "web",
            Image = "docker.io/library/nginx:latest",
            Command = ["sh", "-c", "echo hello; exit 3"],
            Created = Now.AddHours(-2),
            Ports = [new PortMapping { HostPort = 8080, ContainerPort = 80 }],
            Labels = new Dictionary<string, string> { ["a"] = "b" },
        };
        var shape = ContainerListShape.Create(container, Now);
        Assert.Equal("aaaaaaaaaaaa", shape["ID"]);
        Assert.Equal("sh -c echo hello;...", shape["Command"]);
        Assert.Equal("0.0.0.0:8080->80/tcp", shape["Ports"]);
        Assert.Equal("2 hours ago", shape["RunningFor"]);
        var json = WireJson.ToText(shape);
        Assert.Contains($"\"Id\":\"{container.Id}\"", json);
        Assert.Contains("\"Command\":[\"sh\",\"-c\",\"echo hello; exit 3\"]", json);
        Assert.Contains("\"Ports\":[{\"host_ip\":\"\",\"container_port\":80,\"host_port\":8080,\"range\":1,\"protocol\":\"tcp\"}]", json);
        Assert.Contains("\"Names\":[\"web\"]", json);
    }
}

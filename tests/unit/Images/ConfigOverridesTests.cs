using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.UnitTests.Images;

public class ConfigOverridesTests
{
    private static readonly ImageConfigSection s_container = new()
    {
        User = "1",
        Env = ["A=1", "B=2"],
        Entrypoint = ["run"],
        Cmd = ["this"],
        WorkingDir = "/w",
        Volumes = ["/v"],
        ExposedPorts = ["80/tcp"],
        Labels = new() { ["a"] = "1" },
        StopSignal = "INT",
        OnBuild = ["RUN x"],
        Shell = ["/bin/ash"],
    };

    [Fact]
    public void Names_are_added_and_words_replaced()
    {
        var result = ConfigOverrides.Apply(s_container, ConfigOverrides.Read("""{"Env": ["B=3", "C=4"], "Labels": {"b": "2"}, "ExposedPorts": {"9/udp": {}}}""",
            ["VOLUME /a", "USER 7", "LABEL a=3"]));
        Assert.Equal(["A=1", "B=3", "C=4"], result.Env);
        Assert.Equal(["/a", "/v"], result.Volumes!);
        Assert.Equal(["80/tcp", "9/udp"], result.ExposedPorts!);
        Assert.Equal(("7", "/w", "INT"), (result.User, result.WorkingDir, result.StopSignal));
        Assert.Equal(("3", "2"), (result.Labels!["a"], result.Labels["b"]));
        Assert.Equal("1", s_container.Labels!["a"]);
        Assert.Equal((s_container.Entrypoint, s_container.Cmd, s_container.OnBuild, s_container.Shell), (result.Entrypoint, result.Cmd, result.OnBuild, result.Shell));
    }

    // Whether an entry point is left, and which command.
    [Theory]
    [InlineData(null, "CMD [\"b\"]", null, "b")]
    [InlineData(null, "ENTRYPOINT [\"a\"]", "a", null)]
    [InlineData("""{"Entrypoint": ["e"]}""", "CMD [\"b\"]", "e", "b")]
    [InlineData("""{"Entrypoint": ["e"], "Cmd": ["c"]}""", "ENTRYPOINT [\"a\"]", "a", null)]
    [InlineData("""{"Cmd": ["c"]}""", "USER 1", null, "c")]
    [InlineData("{}", "USER 1", "run", "this")]
    public void Entry_point_and_command_go_together(string? configuration, string change, string? entryPoint, string? command)
    {
        var result = ConfigOverrides.Apply(s_container, ConfigOverrides.Read(configuration, [change]));
        Assert.Equal((entryPoint, command), (result.Entrypoint?[0], result.Cmd?[0]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"Cmd": 1}""")]
    public void What_is_no_configuration_is_refused(string text) =>
        Assert.Equal("InvalidConfiguration", Assert.Throws<ContainerEngineException>(() => ConfigOverrides.Read(text, [])).ErrorId);
}

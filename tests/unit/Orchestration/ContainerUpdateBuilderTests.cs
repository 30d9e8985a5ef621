using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Xunit;

namespace Podsharp.UnitTests.Orchestration;

public sealed class ContainerUpdateBuilderTests
{
    private static readonly CallerContext Caller = new() { Directory = "/", Environment = new Dictionary<string, string> { ["HERE"] = "1" } };

    [Fact]
    public void What_is_not_given_changes_nothing()
    {
        var update = Build("web");
        Assert.Equal(new ResourceLimits(), update.Resources);
        Assert.Null(update.RestartPolicy);
        Assert.Null(update.Ulimits);
        Assert.Empty(update.Environment);
    }

    [Fact]
    public void Limits_policy_and_variables_are_read()
    {
        var update = Build("--memory", "64m", "--cpus", "0", "--pids-limit", "-1", "--restart", "on-failure:3", "-e", "A=1", "-e", "HERE", "--unsetenv", "B", "--ulimit", "nofile=1:2", "web");
        Assert.Equal(new ResourceLimits { Memory = 64 << 20, Cpus = 0, PidsLimit = -1 }, update.Resources);
        Assert.Equal(new RestartPolicy(RestartPolicyKind.OnFailure, 3), update.RestartPolicy);
        Assert.Equal(new Dictionary<string, string> { ["A"] = "1", ["HERE"] = "1" }, update.Environment);
        Assert.Equal(["B"], update.RemoveEnvironment);
        Assert.Equal([new("nofile", 1, 2)], update.Ulimits);
    }

    [Theory]
    [InlineData("--blkio-weight", "0")]
    [InlineData("--cpuset-cpus", "")]
    [InlineData("--cpu-rt-runtime", "0")]
    [InlineData("--restart", "sometimes")]
    [InlineData("--cpus", "-1")]
    public void What_would_come_to_nothing_is_refused(string option, string value) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => Build(option, value, "web")).Kind);

    [Theory]
    [InlineData("", "no", 0)]
    [InlineData("never", "no", 0)]
    [InlineData("always", "always", 0)]
    [InlineData("unless-stopped", "unless-stopped", 0)]
    [InlineData("on-failure", "on-failure", 0)]
    [InlineData("on-failure:0", "on-failure", 0)]
    [InlineData("on-failure:12", "on-failure", 12)]
    public void Policies_are_podmans(string text, string name, int retries)
    {
        var policy = RestartPolicy.Parse(text);
        Assert.Equal((name, retries), (policy.Name, policy.MaximumRetries));
        Assert.Equal(policy, RestartPolicy.Parse(policy.ToString()));
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("Always")]
    [InlineData("always:3")]
    [InlineData("on-failure:")]
    [InlineData("on-failure:-1")]
    [InlineData("on-failure:x")]
    public void Other_words_are_refused(string text) => Assert.Equal(text, Assert.Throws<ContainerEngineException>(() => RestartPolicy.Parse(text)).Target);

    private static ContainerUpdate Build(params string[] words) => ContainerUpdateBuilder.Build(CommandLineParserTests.Parse("update", words), Caller);
}

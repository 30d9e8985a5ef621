using Podsharp.Engine.Health;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Xunit;

namespace Podsharp.UnitTests.Health;

public sealed class HealthPlannerTests
{
    private static readonly HealthCheck OfImage = new() { Test = ["CMD", "image"], Interval = TimeSpan.FromSeconds(7), Retries = 4 };

    [Fact]
    public void A_command_has_podmans_defaults()
    {
        var check = Plan(new() { Command = ["CMD", "x"] }, OfImage).Check!;
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), 3), (check.Interval, check.Timeout, check.Retries));
        Assert.Equal(["CMD", "x"], check.Test);
    }

    [Fact]
    public void An_option_changes_the_images_check()
    {
        var check = Plan(new() { Timeout = TimeSpan.FromSeconds(1) }, OfImage).Check!;
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(1), 4), (check.Interval, check.Timeout, check.Retries));
        Assert.Equal(["CMD", "image"], check.Test);
    }

    [Fact]
    public void Nothing_is_checked_without_a_command_or_against_the_will()
    {
        Assert.Null(Plan(new(), null).Check);
        Assert.False(Plan(new() { None = true }, OfImage).IsChecked());
        Assert.False(Plan(new(), new HealthCheck { Test = ["NONE"] }).IsChecked());
    }

    [Fact]
    public void What_comes_to_nothing_is_told()
    {
        var warnings = new List<string>();
        HealthPlanner.Plan(new() { Interval = TimeSpan.FromSeconds(1), StartupRetries = 3 }, null, warnings);
        Assert.Equal(2, warnings.Count);
    }

    [Fact]
    public void A_change_keeps_what_it_does_not_name()
    {
        var before = new HealthSpec { Command = ["CMD", "x"], Retries = 5, StartupCommand = ["CMD", "y"], OnFailure = HealthAction.Kill };
        var after = HealthPlanner.Change(before, new() { Retries = 6 });
        Assert.Equal(before with { Retries = 6 }, after);
        var none = HealthPlanner.Change(before, new() { None = true });
        Assert.True(none is { None: true, Command: null, StartupCommand: null, OnFailure: null });
        Assert.False(HealthPlanner.Change(none, new() { Command = ["CMD", "z"] }).None);
    }

    [Theory]
    [InlineData("true", "CMD-SHELL|true")]
    [InlineData("a  b", "CMD-SHELL|a  b")]
    [InlineData("CMD a  b", "CMD|a|b")]
    [InlineData("cmd-shell a  b", "CMD-SHELL|a  b")]
    [InlineData("None", "NONE")]
    [InlineData("[\"a b\"]", "CMD-SHELL|a b")]
    [InlineData("[\"a\", \"b c\"]", "CMD|a|b c")]
    [InlineData("[\"cmd\", \"a\"]", "CMD|a")]
    [InlineData("[ -f /ready ]", "CMD-SHELL|[ -f /ready ]")]
    public void Commands_are_read_as_podman_reads_them(string text, string expected) => Assert.Equal(expected.Split('|'), HealthParser.Command(text));

    private static ContainerHealthConfig Plan(HealthSpec spec, HealthCheck? image) => HealthPlanner.Plan(spec, image, []);
}

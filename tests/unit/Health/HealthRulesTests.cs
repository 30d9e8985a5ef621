using Podsharp.Engine.Health;
using Podsharp.Engine.State;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Health;

public sealed class HealthRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly HealthCheck Check = new() { Test = ["CMD", "true"], Interval = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(5), Retries = 2 };

    [Fact]
    public void A_start_is_followed_by_a_check_at_once()
    {
        var record = HealthRules.Begin(new() { Check = Check }, Noon);
        Assert.Equal(new HealthRecord { Status = HealthStatus.Starting, StartupPassed = true, NextCheck = Noon }, record);
        Assert.Null(HealthRules.Begin(new() { Check = Check with { Interval = TimeSpan.Zero } }, Noon).NextCheck);
    }

    [Fact]
    public void Failures_in_a_row_make_it_unhealthy_and_one_success_makes_it_healthy()
    {
        var config = new ContainerHealthConfig { Check = Check };
        var record = HealthRules.Begin(config, Noon);
        record = After(record, config, passed: false);
        Assert.Equal((HealthStatus.Starting, 1), (record.Status, record.FailingStreak));
        record = After(record, config, passed: false);
        Assert.Equal((HealthStatus.Unhealthy, 2), (record.Status, record.FailingStreak));
        record = After(record, config, passed: true);
        Assert.Equal((HealthStatus.Healthy, 0), (record.Status, record.FailingStreak));
        Assert.Equal(HealthStatus.Healthy, After(record, config, passed: false).Status);
        Assert.Equal(Noon.AddSeconds(110), record.NextCheck);
    }

    [Fact]
    public void Failures_in_the_start_period_do_not_count()
    {
        var config = new ContainerHealthConfig { Check = Check with { StartPeriod = TimeSpan.FromMinutes(10), StartInterval = TimeSpan.FromSeconds(1) } };
        var record = After(HealthRules.Begin(config, Noon), config, passed: false);
        Assert.Equal((HealthStatus.Starting, 0), (record.Status, record.FailingStreak));
        Assert.Equal(Noon.AddSeconds(101), record.NextCheck);
        Assert.Equal(HealthStatus.Healthy, After(record, config, passed: true).Status);
    }

    [Fact]
    public void The_startup_check_gives_way_after_its_successes()
    {
        var config = new ContainerHealthConfig { Check = Check, Startup = Check with { Successes = 2, Retries = 0, Interval = TimeSpan.FromSeconds(3) } };
        var record = HealthRules.Begin(config, Noon);
        Assert.False(record.StartupPassed);
        record = After(record, config, passed: true);
        Assert.Equal((HealthStatus.Healthy, false, Noon.AddSeconds(103)), (record.Status, record.StartupPassed, record.NextCheck));
        record = After(record, config, passed: true);
        Assert.True(record.StartupPassed);
        Assert.Equal(Noon.AddSeconds(100), record.NextCheck);
    }

    [Fact]
    public void Too_many_failures_of_the_startup_check_ask_for_a_restart()
    {
        var config = new ContainerHealthConfig { Check = Check, Startup = Check with { Retries = 2 } };
        var record = After(HealthRules.Begin(config, Noon), config, passed: false);
        Assert.False(record.RestartWanted);
        Assert.True(After(record, config, passed: false).RestartWanted);
    }

    [Theory]
    [InlineData(HealthAction.None, false)]
    [InlineData(HealthAction.Kill, false)]
    [InlineData(HealthAction.Stop, false)]
    [InlineData(HealthAction.Restart, true)]
    public void An_unhealthy_one_is_restarted_where_that_is_wanted(HealthAction action, bool restarted)
    {
        var config = new ContainerHealthConfig { Check = Check with { Retries = 1 }, OnFailure = action };
        Assert.Equal(restarted, After(HealthRules.Begin(config, Noon), config, passed: false).RestartWanted);
    }

    private static HealthRecord After(HealthRecord record, ContainerHealthConfig config, bool passed) =>
        HealthRules.After(record, config, passed, Noon.AddSeconds(99), Noon, Noon.AddSeconds(100));
}

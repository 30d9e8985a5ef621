using Podsharp.Engine.Containers;
using Podsharp.Engine.State;
using Podsharp.Model;
using Xunit;

namespace Podsharp.UnitTests.Containers;

public sealed class RestartScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_pause_doubles_from_100_ms_to_a_minute()
    {
        var record = Running("always");
        var pauses = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            var ended = RestartSchedule.AfterEnd(record, 1, Noon.AddSeconds(1));
            pauses.Add((ended.NextStart! - Noon.AddSeconds(1)).Value.TotalSeconds);
            record = Started(ended);
        }
        Assert.Equal([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60, 60], pauses);
    }

    [Theory]
    [InlineData(9.999, 0.8)]
    [InlineData(10, 0.1)]
    [InlineData(3600, 0.1)]
    public void Ten_seconds_up_begin_anew(double up, double pause)
    {
        var record = Running("always") with { RestartDelay = TimeSpan.FromSeconds(0.8) };
        var end = Noon.AddSeconds(up);
        Assert.Equal(end.AddSeconds(pause), RestartSchedule.AfterEnd(record, 1, end).NextStart);
    }

    [Theory]
    [InlineData("no", 1, false)]
    [InlineData("on-failure", 0, false)]
    [InlineData("on-failure", 1, true)]
    [InlineData("on-failure:2", 1, true)]
    [InlineData("always", 0, true)]
    [InlineData("unless-stopped", 0, true)]
    public void The_policy_decides(string policy, int exitCode, bool restarts) =>
        Assert.Equal(restarts, RestartSchedule.AfterEnd(Running(policy), exitCode, Noon).NextStart is not null);

    [Fact]
    public void A_stop_ends_it_whoever_asked()
    {
        Assert.Null(RestartSchedule.AfterEnd(Running("always") with { StoppedByUser = true }, 1, Noon).NextStart);
        Assert.Null(RestartSchedule.AfterEnd(Running("always") with { State = ContainerState.Stopping }, 1, Noon).NextStart);
    }

    [Fact]
    public void What_was_set_up_and_never_ran_is_started_only_if_a_restart_had_come_so_far()
    {
        var initialized = Running("always") with { State = ContainerState.Initialized };
        Assert.Null(RestartSchedule.AfterEnd(initialized, 137, Noon).NextStart);
        Assert.Equal(Noon, RestartSchedule.AfterEnd(initialized with { NextStart = Noon }, 137, Noon).NextStart);
    }

    [Fact]
    public void The_number_of_retries_ends_it()
    {
        var record = Running("on-failure:2");
        var starts = 1;
        while (RestartSchedule.AfterEnd(record, 1, Noon) is { NextStart: not null } ended && starts < 10)
        {
            record = Started(ended);
            starts++;
        }
        Assert.Equal((3, 2), (starts, record.RestartCount));
    }

    [Fact]
    public void A_start_that_fails_is_tried_again_but_not_more_often_than_the_policy_says()
    {
        var begun = RestartSchedule.Begin(Running("always") with { RestartDelay = TimeSpan.FromSeconds(1) }, Noon);
        Assert.Equal((Noon.AddSeconds(1), TimeSpan.FromSeconds(2), 1), (begun.NextStart, begun.RestartDelay, begun.RestartCount));
        Assert.Null(RestartSchedule.Begin(Running("on-failure:1"), Noon).NextStart);
        Assert.NotNull(RestartSchedule.Begin(Running("on-failure:2"), Noon).NextStart);
    }

    [Theory]
    [InlineData("always", false, true, true)]
    [InlineData("always", true, true, true)]
    [InlineData("always", false, false, false)]
    [InlineData("unless-stopped", false, true, true)]
    [InlineData("unless-stopped", true, true, false)]
    [InlineData("on-failure", false, true, false)]
    [InlineData("no", false, true, false)]
    public void A_boot_starts_what_ran_and_was_not_stopped(string policy, bool stopped, bool ran, bool starts) =>
        Assert.Equal(starts, RestartSchedule.StartsOnBoot(Running(policy) with { StoppedByUser = stopped, Started = ran ? Noon : null }));

    [Fact]
    public void A_boot_does_not_start_what_waits_in_a_checkpoint() =>
        Assert.False(RestartSchedule.StartsOnBoot(Running("always") with { Started = Noon, Checkpointed = Noon }));

    [Fact]
    public void A_clock_that_was_set_back_delays_a_minute_at_most()
    {
        Assert.Equal(TimeSpan.Zero, RestartSchedule.Until(Noon, Noon.AddSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(3), RestartSchedule.Until(Noon.AddSeconds(3), Noon));
        Assert.Equal(TimeSpan.FromMinutes(1), RestartSchedule.Until(Noon.AddDays(1), Noon));
    }

    // As the starter leaves it: the longer pause is taken back when the start succeeds.
    private static ContainerRecord Started(ContainerRecord ended) =>
        RestartSchedule.Begin(ended, Noon) with { NextStart = null, RestartDelay = ended.RestartDelay, Started = Noon };

    private static ContainerRecord Running(string policy) => new()
    {
        Config = new() { Id = "i", Name = "n", Spec = new() { RestartPolicy = RestartPolicy.Parse(policy) } },
        Created = Noon,
        Started = Noon,
        State = ContainerState.Running,
    };
}

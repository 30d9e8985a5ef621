using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Health;

/// <summary>What a check makes of a container's health: podman's rules, without a clock or a file.</summary>
internal static class HealthRules
{
    /// <summary>The health of a container that has just been started: its first check is due at once.</summary>
    public static HealthRecord Begin(ContainerHealthConfig config, DateTimeOffset now) => new()
    {
        Status = HealthStatus.Starting,
        StartupPassed = config.Startup?.IsDefined() != true,
        NextCheck = Current(config, startup: config.Startup?.IsDefined() == true).Interval > TimeSpan.Zero ? now : null,
    };

    /// <summary>The check that is to be run now.</summary>
    public static HealthCheck Current(ContainerHealthConfig config, bool startup) => startup ? config.Startup! : config.Check!;

    /// <summary>The health after a check.</summary>
    /// <param name="before">The health as it was.</param>
    /// <param name="config">The container's checks.</param>
    /// <param name="passed">Whether the check succeeded.</param>
    /// <param name="checkStart">When it began.</param>
    /// <param name="started">When the container was started.</param>
    /// <param name="now">The present.</param>
    public static HealthRecord After(HealthRecord before, ContainerHealthConfig config, bool passed, DateTimeOffset checkStart, DateTimeOffset started, DateTimeOffset now)
    {
        var startup = !before.StartupPassed;
        var lenient = startup || checkStart < started + config.Check!.StartPeriod;
        var streak = passed ? 0 : lenient ? before.FailingStreak : before.FailingStreak + 1;
        var after = before with
        {
            FailingStreak = streak,
            Status = passed ? HealthStatus.Healthy : !lenient && streak >= config.Check!.Retries ? HealthStatus.Unhealthy : before.Status,
        };
        if (startup)
            after = AfterStartup(after, config.Startup!, passed);
        else if (after.Status == HealthStatus.Unhealthy && config.OnFailure == HealthAction.Restart)
            after = after with { RestartWanted = true };
        // The startup check's success is followed by the first regular check at once.
        var turned = startup && after.StartupPassed;
        return after with { NextCheck = Next(after, config, started, now, turned) };
    }

    /// <summary>When the next check is due; null for never.</summary>
    public static DateTimeOffset? Next(HealthRecord record, ContainerHealthConfig config, DateTimeOffset started, DateTimeOffset now, bool atOnce = false)
    {
        var check = Current(config, !record.StartupPassed);
        var interval = check.StartInterval > TimeSpan.Zero && now < started + check.StartPeriod ? check.StartInterval : check.Interval;
        return check.Interval <= TimeSpan.Zero ? null : atOnce ? now : now + interval;
    }

    private static HealthRecord AfterStartup(HealthRecord record, HealthCheck startup, bool passed)
    {
        if (passed)
            return record.StartupSuccesses + 1 >= startup.Successes
                ? record with { StartupPassed = true, StartupSuccesses = 0, StartupFailures = 0 }
                : record with { StartupSuccesses = record.StartupSuccesses + 1 };
        var failures = record.StartupFailures + 1;
        return record with { StartupFailures = failures, RestartWanted = startup.Retries > 0 && failures >= startup.Retries };
    }
}

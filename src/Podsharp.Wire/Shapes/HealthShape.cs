using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>Health checks and what they told, as <c>podman inspect</c> shows them.</summary>
public static class HealthShape
{
    /// <summary>A container's health.</summary>
    public static WireStruct Create(ContainerHealth health) => new WireStruct("*define.HealthCheckResults")
        .Add("Status", health.Status == HealthStatus.None ? "" : health.Status.ToString().ToLowerInvariant())
        .Add("FailingStreak", health.FailingStreak)
        .Add("Log", WireList.From(health.Log.Select(entry => new WireStruct("define.HealthCheckLog")
            .Add("Start", WireJson.Time(entry.Start))
            .Add("End", WireJson.Time(entry.End))
            .Add("ExitCode", entry.ExitCode)
            .Add("Output", entry.Output)), nilIfEmpty: true));

    /// <summary>A health check; null for none.</summary>
    public static WireStruct? Create(HealthCheck? check) => check is null ? null : new WireStruct("*manifest.Schema2HealthConfig")
        .Add("Test", WireList.From(check.Test), omitEmpty: true)
        .Add("StartPeriod", Nanoseconds(check.StartPeriod), omitEmpty: true)
        .Add("StartInterval", Nanoseconds(check.StartInterval), omitEmpty: true)
        .Add("Interval", Nanoseconds(check.Interval), omitEmpty: true)
        .Add("Timeout", Nanoseconds(check.Timeout), omitEmpty: true)
        .Add("Retries", check.Retries, omitEmpty: true)
        .Add("Successes", check.Successes, omitEmpty: true);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}

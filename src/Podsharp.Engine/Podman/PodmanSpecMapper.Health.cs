using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Podman;

// How it is seen whether a container is well.
internal sealed partial class PodmanSpecMapper
{
    // podman keeps what it made of the image's check and the caller's words: all of it is asked for.
    private HealthSpec Health()
    {
        var check = config.Get("healthcheck");
        var startup = config.Get("startupHealthCheck");
        if (check.ValueKind != JsonValueKind.Object)
            return new() { None = image.HealthCheck is not null };
        if (check.Texts("Test") is ["NONE", ..])
            return new() { None = true };
        return new()
        {
            Command = check.Texts("Test"),
            Interval = Span(check, "Interval"),
            Timeout = Span(check, "Timeout"),
            StartPeriod = Span(check, "StartPeriod"),
            Retries = (int?)check.Number("Retries"),
            StartupCommand = startup.Texts("Test") is { Count: > 0 } command ? command : null,
            StartupInterval = startup.ValueKind == JsonValueKind.Object ? Span(startup, "Interval") : null,
            StartupTimeout = startup.ValueKind == JsonValueKind.Object ? Span(startup, "Timeout") : null,
            StartupRetries = (int?)startup.Number("Retries"),
            StartupSuccesses = (int?)startup.Number("Successes"),
            // define.HealthCheckOnFailureAction: none, an invalid one, kill, restart, stop.
            OnFailure = config.Number("healthcheck_on_failure_action") switch
            {
                2 => HealthAction.Kill,
                3 => HealthAction.Restart,
                4 => HealthAction.Stop,
                _ => HealthAction.None,
            },
            LogDestination = config.Text("healthLogDestination") is { Length: > 0 } place ? place : null,
            MaximumLogCount = (int?)config.Number("healthMaxLogCount"),
            MaximumLogSize = (int?)config.Number("healthMaxLogSize"),
        };
    }

    // Nanoseconds; zero is left out of the JSON.
    private static TimeSpan Span(JsonElement check, string name) => TimeSpan.FromTicks((check.Number(name) ?? 0) / TimeSpan.NanosecondsPerTick);
}

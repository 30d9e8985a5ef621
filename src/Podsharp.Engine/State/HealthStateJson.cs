using System.Text.Json;
using Podsharp.Engine.Json;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>The part of the JSON columns' mapping that is about health checks.</summary>
internal static class HealthStateJson
{
    internal static HealthCheck ReadCheck(JsonRow row) => new()
    {
        Test = row.Texts("test") ?? [],
        Interval = row.Duration("interval") ?? default,
        Timeout = row.Duration("timeout") ?? default,
        StartPeriod = row.Duration("startPeriod") ?? default,
        StartInterval = row.Duration("startInterval") ?? default,
        Retries = row.Int("retries"),
        Successes = row.Int("successes"),
    };

    internal static void Write(Utf8JsonWriter json, HealthCheck check)
    {
        json.Field("test", check.Test);
        json.Field("interval", check.Interval);
        json.Field("timeout", check.Timeout);
        json.Field("startPeriod", check.StartPeriod);
        json.Field("startInterval", check.StartInterval);
        json.Field("retries", check.Retries);
        json.Field("successes", check.Successes);
    }

    internal static ContainerHealthConfig ReadConfig(JsonRow row) => new()
    {
        Check = row.Object("check", ReadCheck),
        Startup = row.Object("startup", ReadCheck),
        OnFailure = (HealthAction)row.Enumeration("onFailure", StateJson.HealthActions),
        LogDestination = row.Text("logDestination", "local"),
        MaximumLogCount = row.Int("maximumLogCount", 5),
        MaximumLogSize = row.Int("maximumLogSize", 500),
    };

    internal static void Write(Utf8JsonWriter json, ContainerHealthConfig config)
    {
        json.Field("check", config.Check, Write);
        json.Field("startup", config.Startup, Write);
        json.Field("onFailure", (int)config.OnFailure, StateJson.HealthActions);
        json.Field("logDestination", config.LogDestination);
        json.Field("maximumLogCount", config.MaximumLogCount);
        json.Field("maximumLogSize", config.MaximumLogSize);
    }

    internal static HealthSpec ReadSpec(JsonRow row) => new()
    {
        None = row.Flag("none"),
        Command = row.Texts("command"),
        Interval = row.Duration("interval"),
        Timeout = row.Duration("timeout"),
        StartPeriod = row.Duration("startPeriod"),
        Retries = row.OptionalInt("retries"),
        StartupCommand = row.Texts("startupCommand"),
        StartupInterval = row.Duration("startupInterval"),
        StartupTimeout = row.Duration("startupTimeout"),
        StartupRetries = row.OptionalInt("startupRetries"),
        StartupSuccesses = row.OptionalInt("startupSuccesses"),
        OnFailure = row.Text("onFailure") is null ? null : (HealthAction)row.Enumeration("onFailure", StateJson.HealthActions),
        LogDestination = row.Text("logDestination"),
        MaximumLogCount = row.OptionalInt("maximumLogCount"),
        MaximumLogSize = row.OptionalInt("maximumLogSize"),
    };

    internal static void Write(Utf8JsonWriter json, HealthSpec spec)
    {
        json.Field("none", spec.None);
        json.Field("command", spec.Command);
        json.Field("interval", spec.Interval);
        json.Field("timeout", spec.Timeout);
        json.Field("startPeriod", spec.StartPeriod);
        json.Field("retries", spec.Retries);
        json.Field("startupCommand", spec.StartupCommand);
        json.Field("startupInterval", spec.StartupInterval);
        json.Field("startupTimeout", spec.StartupTimeout);
        json.Field("startupRetries", spec.StartupRetries);
        json.Field("startupSuccesses", spec.StartupSuccesses);
        if (spec.OnFailure is { } action)
            json.Field("onFailure", (int)action, StateJson.HealthActions);
        json.Field("logDestination", spec.LogDestination);
        json.Field("maximumLogCount", spec.MaximumLogCount);
        json.Field("maximumLogSize", spec.MaximumLogSize);
    }
}

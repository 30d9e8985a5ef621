using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The options about health checks.</summary>
internal static class HealthOptions
{
    internal static OptionDefinition[] All() =>
    [
        Text("health-cmd", "Command that checks its health: a line for the shell, or a JSON array; none", aliases: "healthcheck-command"),
        Text("health-interval", "Time between checks; disable for none but those asked for", def: "30s", aliases: "healthcheck-interval"),
        Text("health-timeout", "Time a check may take", def: "30s", aliases: "healthcheck-timeout"),
        Number("health-retries", "Failures in a row until it is unhealthy", def: "3", aliases: "healthcheck-retries"),
        Text("health-start-period", "Time to start up, in which failures don't count", def: "0s", aliases: "healthcheck-start-period"),
        Choice("health-on-failure", "What to do when it is unhealthy: none, kill, restart, stop", '\0', "none", "none", "kill", "restart", "stop"),
        Flag("no-healthcheck", "Check nothing, whatever the image says"),
        Text("health-startup-cmd", "Command that checks its start, until it succeeds"),
        Text("health-startup-interval", "Time between start checks", def: "30s"),
        Text("health-startup-timeout", "Time a start check may take", def: "30s"),
        Number("health-startup-retries", "Failures of the start check until a restart; 0 for never"),
        Number("health-startup-success", "Successes until it counts as started"),
        Text("health-log-destination", "Where the log of checks goes: local, events_logger or a directory", def: "local", completion: CompletionKind.Directory),
        Number("health-max-log-count", "Checks in the log; 0 for all", def: "5"),
        Number("health-max-log-size", "Characters of a check's output in the log; 0 for all", def: "500"),
    ];
}

using System.Text.Json;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads what people write about health checks.</summary>
public static class HealthParser
{
    /// <summary>Reads the options of <c>create</c>, <c>run</c> and <c>update</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static HealthSpec Parse(ParsedCommand line, CallerContext caller) => new()
    {
        None = line.Flag("no-healthcheck"),
        Command = Command(line, "health-cmd"),
        Interval = Interval(line, "health-interval"),
        Timeout = Time(line, "health-timeout"),
        StartPeriod = Time(line, "health-start-period"),
        Retries = Number(line, "health-retries"),
        StartupCommand = Command(line, "health-startup-cmd"),
        StartupInterval = Interval(line, "health-startup-interval"),
        StartupTimeout = Time(line, "health-startup-timeout"),
        StartupRetries = Number(line, "health-startup-retries"),
        StartupSuccesses = Number(line, "health-startup-success"),
        OnFailure = line.Given("health-on-failure") ? Action(line.Text("health-on-failure")!) : null,
        LogDestination = line.Given("health-log-destination") ? Destination(line.Text("health-log-destination")!, caller) : null,
        MaximumLogCount = Number(line, "health-max-log-count"),
        MaximumLogSize = Number(line, "health-max-log-size"),
    };

    /// <summary>Reads a change; null where none is asked for.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static HealthSpec? ParseChange(ParsedCommand line, CallerContext caller)
    {
        var change = Parse(line, caller);
        if (change.None && change != new HealthSpec { None = true })
            throw EngineErrors.InvalidArgument("cannot specify both --no-healthcheck and other HealthCheck flags", "no-healthcheck", "leave one of them out");
        return change == new HealthSpec() ? null : change;
    }

    /// <summary>A command by podman's rules: a line for the shell; <c>CMD</c> and words; a JSON array of words, which may begin with CMD or CMD-SHELL; none.</summary>
    public static IReadOnlyList<string> Command(string text)
    {
        if (Words(text) is { } words)
            return words.Count == 0 ? [] : words[0].ToUpperInvariant() switch
            {
                "NONE" => ["NONE"],
                "CMD" or "CMD-SHELL" => [words[0].ToUpperInvariant(), .. words.Skip(1)],
                _ => words.Count == 1 ? ["CMD-SHELL", words[0]] : ["CMD", .. words],
            };
        var first = text.Split(' ', 2);
        return first[0].ToUpperInvariant() switch
        {
            "NONE" => ["NONE"],
            "CMD" => ["CMD", .. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Skip(1)],
            "CMD-SHELL" => ["CMD-SHELL", .. first.Skip(1)],
            _ => ["CMD-SHELL", text],
        };
    }

    /// <summary>What to do with an unhealthy container.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static HealthAction Action(string text) => text switch
    {
        "" or "none" => HealthAction.None,
        "kill" => HealthAction.Kill,
        "restart" => HealthAction.Restart,
        "stop" => HealthAction.Stop,
        _ => throw EngineErrors.InvalidArgument($"invalid on-failure action \"{text}\" for health check: supported actions are none,kill,restart,stop", text, "use one of these"),
    };

    /// <summary>Where the log of checks goes: local, events_logger or a directory.</summary>
    public static string Destination(string text, CallerContext caller) => text switch
    {
        "" or "local" => "local",
        "events_logger" => text,
        _ => caller.Resolve(text),
    };

    private static List<string>? Words(string text)
    {
        if (!text.TrimStart().StartsWith('['))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(word => word.GetString() ?? "")];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // As podman: a line for the shell that happens to begin so ([ -f /ready ]).
            return null;
        }
    }

    private static IReadOnlyList<string>? Command(ParsedCommand line, string option) => line.Text(option) is { Length: > 0 } text && line.Given(option) ? Command(text) : null;

    private static TimeSpan? Interval(ParsedCommand line, string option) =>
        line.Given(option) && line.Text(option) == "disable" ? TimeSpan.Zero : Time(line, option);

    private static TimeSpan? Time(ParsedCommand line, string option) => line.Given(option) ? DurationParser.Parse(line.Text(option)!, "--" + option) : null;

    private static int? Number(ParsedCommand line, string option)
    {
        if (!line.Given(option) || line.Number(option) is not { } number)
            return null;
        return number is >= 0 and <= int.MaxValue ? (int)number
            : throw EngineErrors.InvalidArgument($"the value of --{option} is out of range", option, "give a number from 0 on");
    }
}

using Podsharp.Model;

namespace Podsharp.Engine.Health;

/// <summary>What a container's health checks are, from what was asked for and what its image says: the rules, without a file.</summary>
internal static class HealthPlanner
{
    private const int DefaultRetries = 3;
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The checks of a new container.</summary>
    /// <param name="spec">What was asked for. An option without a command changes the image's check, as with docker; podman forgets it.</param>
    /// <param name="image">The image's check.</param>
    /// <param name="warnings">Takes what comes to nothing.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static ContainerHealthConfig Plan(HealthSpec spec, HealthCheck? image, List<string> warnings)
    {
        Validate(spec);
        var check = spec.None ? new HealthCheck { Test = ["NONE"] } : Regular(spec, image);
        var isChecked = check?.IsDefined() == true;
        if (!isChecked && spec.OnFailure is { } action and not HealthAction.None)
            throw EngineErrors.InvalidArgument($"cannot set on-failure action to {action.ToString().ToLowerInvariant()} without a health check", "health-on-failure",
                "say with --health-cmd what is to be run");
        if (!isChecked && spec.StartupCommand is not null)
            throw EngineErrors.InvalidArgument("cannot set a startup healthcheck when there is no regular healthcheck", "health-startup-cmd",
                "say with --health-cmd what is to be run");
        if (check is null && (spec.Interval ?? spec.Timeout ?? spec.StartPeriod) is not null)
            warnings.Add("the options for a health check come to nothing: neither --health-cmd nor the image says what is to be run");
        if (spec.StartupCommand is null && ((spec.StartupInterval ?? spec.StartupTimeout) is not null || (spec.StartupRetries ?? spec.StartupSuccesses) is not null))
            warnings.Add("the options for a startup check come to nothing: there is no --health-startup-cmd");
        var defaults = new ContainerHealthConfig();
        return new()
        {
            Check = check,
            Startup = spec.StartupCommand is null ? null : Startup(spec),
            OnFailure = spec.OnFailure ?? HealthAction.None,
            LogDestination = spec.LogDestination ?? defaults.LogDestination,
            MaximumLogCount = spec.MaximumLogCount ?? defaults.MaximumLogCount,
            MaximumLogSize = spec.MaximumLogSize ?? defaults.MaximumLogSize,
        };
    }

    /// <summary>What was asked for, with a change laid over it.</summary>
    public static HealthSpec Change(HealthSpec before, HealthSpec change) => change.None ? before with
    {
        None = true, Command = null, Interval = null, Timeout = null, StartPeriod = null, Retries = null, OnFailure = null,
        StartupCommand = null, StartupInterval = null, StartupTimeout = null, StartupRetries = null, StartupSuccesses = null,
    }
    : new()
    {
        None = before.None && change.Command is null,
        Command = change.Command ?? before.Command,
        Interval = change.Interval ?? before.Interval,
        Timeout = change.Timeout ?? before.Timeout,
        StartPeriod = change.StartPeriod ?? before.StartPeriod,
        Retries = change.Retries ?? before.Retries,
        StartupCommand = change.StartupCommand ?? before.StartupCommand,
        StartupInterval = change.StartupInterval ?? before.StartupInterval,
        StartupTimeout = change.StartupTimeout ?? before.StartupTimeout,
        StartupRetries = change.StartupRetries ?? before.StartupRetries,
        StartupSuccesses = change.StartupSuccesses ?? before.StartupSuccesses,
        OnFailure = change.OnFailure ?? before.OnFailure,
        LogDestination = change.LogDestination ?? before.LogDestination,
        MaximumLogCount = change.MaximumLogCount ?? before.MaximumLogCount,
        MaximumLogSize = change.MaximumLogSize ?? before.MaximumLogSize,
    };

    private static HealthCheck? Regular(HealthSpec spec, HealthCheck? image)
    {
        if (spec.Command is null && image is not { Test.Count: > 0 })
            return null;
        // What an image leaves open, or sets to nothing, is the default.
        var inherited = spec.Command is null ? image! : new HealthCheck { Test = spec.Command };
        return inherited with
        {
            Interval = spec.Interval ?? Given(inherited.Interval, DefaultInterval),
            Timeout = spec.Timeout ?? Given(inherited.Timeout, DefaultTimeout),
            StartPeriod = spec.StartPeriod ?? inherited.StartPeriod,
            Retries = spec.Retries ?? (inherited.Retries > 0 ? inherited.Retries : DefaultRetries),
        };
    }

    private static HealthCheck Startup(HealthSpec spec) => new()
    {
        Test = spec.StartupCommand!,
        Interval = spec.StartupInterval ?? DefaultInterval,
        Timeout = spec.StartupTimeout ?? DefaultTimeout,
        Retries = spec.StartupRetries ?? 0,
        Successes = spec.StartupSuccesses ?? 0,
    };

    private static TimeSpan Given(TimeSpan time, TimeSpan otherwise) => time > TimeSpan.Zero ? time : otherwise;

    private static void Validate(HealthSpec spec)
    {
        if (spec.None && spec.Command is not null)
            throw EngineErrors.InvalidArgument("cannot specify both --no-healthcheck and --health-cmd", "no-healthcheck", "leave one of them out");
        foreach (var (command, option) in new[] { (spec.Command, "health-cmd"), (spec.StartupCommand, "health-startup-cmd") })
            if (command is not null && (command.Count == 0 || (command[0] is "CMD" or "CMD-SHELL" && (command.Count == 1 || command[1].Length == 0))))
                throw EngineErrors.InvalidArgument($"--{option} must define a command", option, "write it as a line for the shell, or as [\"CMD\", \"program\", \"argument\"]");
        foreach (var (time, option) in new[] { (spec.Interval, "interval"), (spec.StartPeriod, "start-period"), (spec.StartupInterval, "startup-interval") })
            if (time < TimeSpan.Zero)
                throw EngineErrors.InvalidArgument($"healthcheck-{option} must be 0 seconds or greater", option, "write it as 10s, 5m or 1h30m");
        foreach (var (time, option) in new[] { (spec.Timeout, "timeout"), (spec.StartupTimeout, "startup-timeout") })
            if (time <= TimeSpan.Zero)
                throw EngineErrors.InvalidArgument($"healthcheck-{option} must be greater than 0", option, "write it as 10s, 5m or 1h30m");
        if (spec.Retries < 1)
            throw EngineErrors.InvalidArgument("healthcheck-retries must be greater than 0", "retries", "give the number of failures in a row that make it unhealthy");
        if (spec.StartupRetries < 0 || spec.StartupSuccesses < 0 || spec.MaximumLogCount < 0 || spec.MaximumLogSize < 0)
            throw EngineErrors.InvalidArgument("a number of the health options is below 0", null, "give 0 or more");
        if (spec.LogDestination is { } place and not ("local" or "events_logger") && !Directory.Exists(place))
            throw EngineErrors.InvalidArgument($"HealthCheck Log '{place}' destination error: there is no such directory", place, "name a directory, local or events_logger");
    }
}

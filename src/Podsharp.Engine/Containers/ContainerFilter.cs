using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>podman's ps filters (podman-ps(1), --filter).</summary>
internal static class ContainerFilter
{
    /// <summary>Compiles the filters into one test.</summary>
    /// <param name="filters">Key to values.</param>
    /// <param name="resolve">Finds the container that <c>before</c> and <c>since</c> name.</param>
    /// <param name="descendsFrom">Whether a container's image is, or is built on, an image.</param>
    /// <param name="mountsOf">What a container mounts.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument for an unknown key or value.</exception>
    public static Func<Container, bool> Compile(IReadOnlyDictionary<string, IReadOnlyList<string>> filters, Func<string, Container> resolve,
        Func<Container, string, bool> descendsFrom, Func<Container, IReadOnlyList<ContainerMount>> mountsOf)
    {
        var tests = filters.Select(filter => Compile(filter.Key, filter.Value, resolve, descendsFrom, mountsOf)).ToArray();
        return container => Array.TrueForAll(tests, test => test(container));
    }

    private static Func<Container, bool> Compile(string key, IReadOnlyList<string> values, Func<string, Container> resolve,
        Func<Container, string, bool> descendsFrom, Func<Container, IReadOnlyList<ContainerMount>> mountsOf) => key switch
    {
        "id" => Any(values, (c, v) => c.Id.StartsWith(v, StringComparison.OrdinalIgnoreCase) || Matches(c.Id, v)),
        "name" => Any(values, (c, v) => Matches(c.Name, v)),
        "label" => container => values.All(value => HasLabel(container, value)),
        "label!" => container => !values.Any(value => HasLabel(container, value)),
        "status" => Any(values.Select(ParseStatus).ToArray(), (c, v) => v(c)),
        "exited" => Any(values.Select(ParseExitCode).ToArray(), (c, v) =>
            c.State is ContainerState.Exited or ContainerState.Stopped && c.ExitCode == v),
        "ancestor" => Any(values, descendsFrom),
        "before" => Before(values.Select(resolve).Min(c => c.Created)),
        "since" or "after" => Since(values.Select(resolve).Max(c => c.Created)),
        "until" => Before(values.Select(ParseTime).Min()),
        "volume" => Any(values, (c, v) => mountsOf(c).Any(mount => IsMount(mount, v))),
        "network" => Any(values, (c, v) => c.Networks.Contains(v)),
        "command" => Any(values, (c, v) => c.Command.Count > 0 && Matches(c.Command[0], v)),
        "restart-policy" => Any([.. values.Select(value => OneOf("restart-policy", value, "no", "always", "on-failure", "unless-stopped"))], (c, v) => c.RestartPolicy.Name == v),
        "should-start-on-boot" => Any([.. values.Select(value => OneOf("should-start-on-boot", value, "true", "false"))], (c, v) => c.StartsOnBoot == (v == "true")),
        "health" => Any([.. values.Select(value => OneOf("health", value, "starting", "healthy", "unhealthy", "none", "stopped"))],
            (c, v) => c.Health != HealthStatus.None && v.Equals(c.Health.ToString(), StringComparison.OrdinalIgnoreCase)),
        "pod" => Any(values, (c, v) => c.Pod.Length > 0 && (c.PodName == v || c.Pod.StartsWith(v, StringComparison.Ordinal))),
        _ => throw EngineErrors.InvalidArgument($"\"{key}\" is not a filter for containers", key,
            "use id, name, label, status, exited, ancestor, before, since, until, volume, network, command, health, pod, restart-policy or should-start-on-boot"),
    };

    private static Func<Container, bool> Any<T>(IReadOnlyList<T> values, Func<Container, T, bool> test) =>
        container => values.Any(value => test(container, value));

    private static Func<Container, bool> Before(DateTimeOffset time) => container => container.Created < time;

    private static Func<Container, bool> Since(DateTimeOffset time) => container => container.Created > time;

    private static bool HasLabel(Container container, string value)
    {
        var equals = value.IndexOf('=');
        var (key, wanted) = equals < 0 ? (value, "") : (value[..equals], value[(equals + 1)..]);
        // podman takes stars in the name; without a value, any will do.
        return key.Contains('*')
            ? container.Labels.Any(label => FileSystemName.MatchesSimpleExpression($"*{key}*", label.Key, ignoreCase: false) && IsValue(label.Value))
            : container.Labels.TryGetValue(key, out var actual) && IsValue(actual);

        bool IsValue(string actual) => wanted.Length == 0 || actual == wanted;
    }

    /// <summary>A mount by its source (volume or host path), by its place in the container as with docker, or by both.</summary>
    private static bool IsMount(ContainerMount mount, string value)
    {
        var colon = value.IndexOf(':');
        return colon < 0
            ? mount.Source == value || mount.Target == value
            : mount.Source == value[..colon] && mount.Target == value[(colon + 1)..];
    }

    private static string OneOf(string key, string value, params string[] words) => words.Contains(value) ? value
        : throw EngineErrors.InvalidArgument($"\"{value}\" is not a value of the filter {key}", value, "use " + string.Join(", ", words));

    private static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException)
        {
            throw EngineErrors.InvalidArgument($"\"{pattern}\" is not a valid regular expression", pattern);
        }
    }

    private static Func<Container, bool> ParseStatus(string value)
    {
        // docker's word for what ended and is about to be started again; to podman, which knows no pause before that, it has exited.
        if (value.Equals("restarting", StringComparison.OrdinalIgnoreCase))
            return container => container.NextStart is not null;
        var state = ParseState(value);
        return container => state == (container.State == ContainerState.Stopped ? ContainerState.Exited : container.State);
    }

    private static ContainerState ParseState(string value) => value.ToLowerInvariant() switch
    {
        "created" => ContainerState.Created,
        "initialized" => ContainerState.Initialized,
        "running" => ContainerState.Running,
        "paused" => ContainerState.Paused,
        "stopping" => ContainerState.Stopping,
        "exited" or "stopped" => ContainerState.Exited,
        "removing" => ContainerState.Removing,
        "lost" => ContainerState.Lost,
        "unknown" => ContainerState.Unknown,
        _ => throw EngineErrors.InvalidArgument($"\"{value}\" is not a container status", value,
            "use created, initialized, running, paused, stopping, exited, restarting, removing or lost"),
    };

    private static int ParseExitCode(string value) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)
        ? code
        : throw EngineErrors.InvalidArgument($"\"{value}\" is not an exit code", value);

    /// <summary>A time as filters have it.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static DateTimeOffset ParseTime(string value)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (Configuration.GoDuration.TryParse(value, out var duration))
            return DateTimeOffset.UtcNow - duration;
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw EngineErrors.InvalidArgument($"\"{value}\" is not a time", value, "write a duration (10m), an RFC 3339 time or Unix seconds");
    }
}

using Podsharp.Model;

namespace Podsharp.Engine.Events;

/// <summary>podman's event filters: the values of one key are alternatives, all keys must match.</summary>
internal sealed class EventFilter
{
    private readonly EventQuery query;
    private readonly List<(string Key, IReadOnlyList<string> Values)> filters = [];

    /// <summary>Checks the query.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: an unknown key.</exception>
    internal EventFilter(EventQuery query)
    {
        this.query = query;
        foreach (var (key, values) in query.Filters)
        {
            var lower = key.ToLowerInvariant();
            if (lower is not ("container" or "event" or "status" or "image" or "pod" or "volume" or "network" or "secret" or "type" or "label"))
            {
                throw EngineErrors.InvalidArgument($"{key} is an invalid filter", key,
                    "use container, event, image, label, network, pod, secret, type or volume");
            }
            if (values.Count > 0)
                filters.Add((lower, values));
        }
    }

    /// <summary>Whether an event is wanted.</summary>
    internal bool Matches(EngineEvent happened) =>
        (query.Since is not { } since || happened.Time >= since) && (query.Until is not { } until || happened.Time <= until)
        && query.Labels.All(label => MatchesLabel(happened, label))
        && filters.TrueForAll(filter => filter.Values.Any(value => Matches(happened, filter.Key, value)));

    private static bool Matches(EngineEvent happened, string key, string value) => key switch
    {
        // docker's word for it.
        "event" or "status" => happened.Status == (value == "die" ? "died" : value),
        "type" => happened.Type == value,
        "label" => MatchesLabel(happened, value),
        "image" => happened.Type == "image" && (IsNamed(happened, value) || HasImageName(happened.Name, value)),
        "network" => happened.Type == "network" && (happened.Network == value || IsPrefix(happened.Id, value)),
        // By the beginning of its name, as docker does it, too.
        "volume" => happened.Type == "volume" && happened.Name.StartsWith(value, StringComparison.Ordinal),
        _ => happened.Type == key && IsNamed(happened, value),
    };

    private static bool IsNamed(EngineEvent happened, string value) => happened.Name == value || IsPrefix(happened.Id, value);

    private static bool IsPrefix(string id, string value) => value.Length > 0 && id.StartsWith(value, StringComparison.Ordinal);

    // "nginx" means docker.io/library/nginx:latest as well.
    private static bool HasImageName(string name, string value) => value.Length > 0
        && (name.EndsWith('/' + value, StringComparison.Ordinal) || name.StartsWith(value + ":", StringComparison.Ordinal)
        || name.Contains('/' + value + ":", StringComparison.Ordinal));

    private static bool MatchesLabel(EngineEvent happened, string value)
    {
        var equals = value.IndexOf('=');
        return equals < 0
            ? happened.Attributes.ContainsKey(value)
            : happened.Attributes.TryGetValue(value[..equals], out var actual) && actual == value[(equals + 1)..];
    }
}

using Podsharp.Model;

namespace Podsharp.Engine.Events;

/// <summary>podman's event filters: the values of one key are alternatives, all keys must match.</summary>
internal sealed class EventFilter
{
    private readonly EventQuery query;

    /// <summary>Checks the query.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: an unknown key.</exception>
    internal EventFilter(EventQuery query)
    {
        this.query = query;
        foreach (var key in query.Filters.Keys)
        {
            if (key.ToLowerInvariant() is not ("container" or "event" or "status" or "image" or "pod" or "volume" or "network" or "secret" or "type" or "label" or "id" or "name"))
            {
                throw EngineErrors.InvalidArgument($"\"{key}\" is no filter for events", key,
                    "use container, event, image, label, network, pod, secret, type or volume");
            }
        }
    }

    /// <summary>Whether an event is wanted.</summary>
    internal bool Matches(EngineEvent happened) =>
        (query.Since is not { } since || happened.Time >= since) && (query.Until is not { } until || happened.Time <= until)
        && query.Filters.All(f => f.Value.Count == 0 || f.Value.Any(v => Matches(happened, f.Key.ToLowerInvariant(), v)));

    private static bool Matches(EngineEvent happened, string key, string value) => key switch
    {
        "event" or "status" => string.Equals(happened.Status, value, StringComparison.OrdinalIgnoreCase),
        "type" => string.Equals(happened.Type, value, StringComparison.OrdinalIgnoreCase),
        "label" => MatchesLabel(happened, value),
        "image" => happened.Type == "image"
            ? IsNamed(happened, value) || HasImageName(happened.Name, value)
            : HasImageName(happened.Image, value),
        "id" => IsPrefix(happened.Id, value),
        "name" => happened.Name == value,
        _ => happened.Type == key && IsNamed(happened, value),
    };

    private static bool IsNamed(EngineEvent happened, string value) => happened.Name == value || IsPrefix(happened.Id, value);

    private static bool IsPrefix(string id, string value) => value.Length > 0 && id.StartsWith(value, StringComparison.Ordinal);

    // "nginx" means docker.io/library/nginx:latest as well.
    private static bool HasImageName(string name, string value) => value.Length > 0 && (name == value
        || name.EndsWith('/' + value, StringComparison.Ordinal) || name.StartsWith(value + ":", StringComparison.Ordinal)
        || name.Contains('/' + value + ":", StringComparison.Ordinal));

    private static bool MatchesLabel(EngineEvent happened, string value)
    {
        var equals = value.IndexOf('=');
        return equals < 0
            ? happened.Attributes.ContainsKey(value)
            : happened.Attributes.TryGetValue(value[..equals], out var actual) && actual == value[(equals + 1)..];
    }
}

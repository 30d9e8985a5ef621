using System.Globalization;
using System.Text.RegularExpressions;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>podman's filters for networks: the values of one key are alternatives (of labels all must be there), all keys must match.</summary>
internal static class NetworkFilter
{
    /// <summary>Makes a predicate of filters.</summary>
    /// <param name="filters">The filters.</param>
    /// <param name="used">Names of the networks that containers use; asked for only where a filter wants to know.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: no such filter, or a value that can't be.</exception>
    internal static Func<NetworkDefinition, bool> Create(IReadOnlyDictionary<string, IReadOnlyList<string>> filters, Func<IReadOnlySet<string>> used)
    {
        var predicates = filters.Select(filter => One(filter.Key, filter.Value, used)).ToList();
        return network => predicates.TrueForAll(predicate => predicate(network));
    }

    private static Func<NetworkDefinition, bool> One(string key, IReadOnlyList<string> values, Func<IReadOnlySet<string>> used)
    {
        switch (key)
        {
            case "name":
                return network => values.Any(value => Matches(network.Name, value));
            case "id":
                return network => values.Any(value => network.Id.StartsWith(value, StringComparison.Ordinal) || Matches(network.Id, value));
            case "driver":
                return network => values.Contains(network.Driver);
            case "label":
                return network => values.All(value => HasLabel(network, value));
            case "label!":
                return network => !values.Any(value => HasLabel(network, value));
            case "until":
                var time = values.Select(Time).Min();
                return network => network.Created < time;
            case "dangling":
                var names = used();
                var wanted = values.Select(Flag).ToHashSet();
                return network => wanted.Contains(!names.Contains(network.Name) && !IsDefault(network.Name));
            default:
                throw EngineErrors.InvalidArgument($"invalid filter \"{key}\"", key, "use name, id, driver, label, label!, dangling or until");
        }
    }

    /// <summary>Whether it is podman's default network or ours, which count as used.</summary>
    internal static bool IsDefault(string name) => name is NetworkStore.DefaultName or "podman";

    private static bool HasLabel(NetworkDefinition network, string text)
    {
        var parts = text.Split('=', 2);
        return network.Labels.TryGetValue(parts[0], out var value) && (parts.Length == 1 || value == parts[1]);
    }

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

    private static bool Flag(string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw EngineErrors.InvalidArgument($"invalid value \"{value}\" for the filter dangling", value, "use true or false"),
    };

    private static DateTimeOffset Time(string value)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (GoDuration.TryParse(value, out var duration)) return DateTimeOffset.UtcNow - duration;
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw EngineErrors.InvalidArgument($"\"{value}\" is not a time", value, "write a duration (10m), an RFC 3339 time or Unix seconds");
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>podman's filters for pods (podman-pod-ps(1), --filter).</summary>
internal static class PodFilter
{
    private static readonly string[] PodWords = ["stopped", "running", "paused", "exited", "dead", "created", "degraded"];
    private static readonly string[] ContainerWords = ["created", "running", "paused", "stopped", "exited", "unknown"];

    /// <summary>Compiles the filters into one test.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for an unknown key or value.</exception>
    public static Func<Pod, bool> Compile(IReadOnlyDictionary<string, IReadOnlyList<string>> filters)
    {
        var tests = filters.Select(filter => Compile(filter.Key, filter.Value)).ToArray();
        return pod => Array.TrueForAll(tests, test => test(pod));
    }

    private static Func<Pod, bool> Compile(string key, IReadOnlyList<string> values) => key switch
    {
        "id" => pod => values.Any(value => IsId(pod.Id, value)),
        "name" => pod => values.Any(value => Matches(pod.Name, value)),
        "label" => pod => values.All(value => HasLabel(pod, value)),
        "label!" => pod => !values.Any(value => HasLabel(pod, value)),
        "status" => Status(values),
        "until" => Until(values),
        "network" => pod => pod.Networks.Any(values.Contains),
        "ctr-ids" => pod => pod.Containers.Any(container => values.Any(value => IsId(container.Id, value))),
        "ctr-names" => pod => pod.Containers.Any(container => values.Any(value => Matches(container.Name, value))),
        "ctr-number" => Number(values),
        "ctr-status" => ContainerStatus(values),
        _ => throw EngineErrors.InvalidArgument($"{key} is an invalid filter", key,
            "use ctr-ids, ctr-names, ctr-number, ctr-status, id, label, label!, name, network, status or until"),
    };

    private static Func<Pod, bool> Status(IReadOnlyList<string> values)
    {
        foreach (var value in values)
            OneOf(value, PodWords, "is not a valid pod status");
        return pod => values.Contains(pod.State.ToString().ToLowerInvariant());
    }

    private static Func<Pod, bool> ContainerStatus(IReadOnlyList<string> values)
    {
        foreach (var value in values)
            OneOf(value, ContainerWords, "is not a valid status");
        return pod => pod.Containers.Any(container => values.Contains(Word(container.State)) || (Word(container.State) == "exited" && values.Contains("stopped")));

        static string Word(ContainerState state) => state == ContainerState.Stopped ? "exited" : state.ToString().ToLowerInvariant();
    }

    private static Func<Pod, bool> Number(IReadOnlyList<string> values)
    {
        var numbers = values.Select(value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw EngineErrors.InvalidArgument($"\"{value}\" is not a number of containers", value)).ToArray();
        return pod => numbers.Contains(pod.Containers.Count);
    }

    private static Func<Pod, bool> Until(IReadOnlyList<string> values)
    {
        var time = values.Select(ParseTime).Min();
        return pod => pod.Created < time;
    }

    private static void OneOf(string value, string[] words, string complaint)
    {
        if (!words.Contains(value))
            throw EngineErrors.InvalidArgument($"{value} {complaint}", value, "use " + string.Join(", ", words));
    }

    private static bool IsId(string id, string value) => id.StartsWith(value, StringComparison.OrdinalIgnoreCase) || Matches(id, value);

    private static bool HasLabel(Pod pod, string value)
    {
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        var (key, wanted) = equals < 0 ? (value, "") : (value[..equals], value[(equals + 1)..]);
        return pod.Labels.TryGetValue(key, out var actual) && (wanted.Length == 0 || actual == wanted);
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

    private static DateTimeOffset ParseTime(string value)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (GoDuration.TryParse(value, out var duration))
            return DateTimeOffset.UtcNow - duration;
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw EngineErrors.InvalidArgument($"\"{value}\" is not a time", value, "write a duration (10m), an RFC 3339 time or Unix seconds");
    }
}

using System.Text.RegularExpressions;
using Podsharp.Engine.Containers;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>podman's filters for volumes.</summary>
internal sealed class VolumeFilter
{
    private static readonly TimeSpan s_patternLimit = TimeSpan.FromSeconds(1);

    private readonly List<Func<ContainerVolume, bool>> tests;

    /// <summary>Reads them.</summary>
    /// <param name="filters">Names and values.</param>
    /// <param name="volumes">Tells who uses a volume, and when another was made.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: no such filter, or not such a value; NotFound: the other volume.</exception>
    internal VolumeFilter(IReadOnlyDictionary<string, IReadOnlyList<string>> filters, VolumeStore volumes) =>
        tests = [.. filters.Select(filter => Test(filter.Key, filter.Value, volumes))];

    /// <summary>Those that pass.</summary>
    internal IEnumerable<ContainerVolume> Apply(IEnumerable<ContainerVolume> all) => all.Where(volume => tests.TrueForAll(test => test(volume)));

    private static Func<ContainerVolume, bool> Test(string key, IReadOnlyList<string> values, VolumeStore volumes) => key switch
    {
        "name" => volume => values.Any(value => Matches(volume.Name, value)),
        "label" => volume => values.All(value => Has(volume.Labels, value)),
        "label!" => volume => !values.Any(value => Has(volume.Labels, value)),
        "driver" => volume => values.Contains(volume.Driver),
        "scope" => _ => values.Contains("local"),
        "opt" => volume => values.Any(value => Has(volume.Options, value)),
        "dangling" => Dangling(values, volumes),
        "until" => Before(values.Select(ContainerFilter.ParseTime).Min()),
        "since" or "after" => After(values.Select(volumes.Get).Max(volume => volume.Created)),
        _ => throw EngineErrors.InvalidArgument($"\"{key}\" is an invalid volume filter", key, "use name, label, label!, driver, scope, opt, dangling, until or since"),
    };

    private static Func<ContainerVolume, bool> Dangling(IReadOnlyList<string> values, VolumeStore volumes)
    {
        var wanted = values.Select(value => value switch
        {
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw EngineErrors.InvalidArgument($"\"{value}\" is not a valid value for the \"dangling\" filter - must be true or false", value, "use true or false"),
        }).ToList();
        return volume => wanted.Contains(volumes.UsersOf(volume.Name).Count == 0);
    }

    private static Func<ContainerVolume, bool> Before(DateTimeOffset time) => volume => volume.Created < time;

    private static Func<ContainerVolume, bool> After(DateTimeOffset time) => volume => volume.Created > time;

    private static bool Has(IReadOnlyDictionary<string, string> values, string text)
    {
        var parts = text.Split('=', 2);
        return values.TryGetValue(parts[0], out var value) && (parts.Length == 1 || value == parts[1]);
    }

    private static bool Matches(string name, string pattern)
    {
        try
        {
            return Regex.IsMatch(name, pattern, RegexOptions.CultureInvariant, s_patternLimit);
        }
        catch (RegexParseException)
        {
            throw EngineErrors.InvalidArgument($"the filter name={pattern} is no regular expression", pattern);
        }
    }
}

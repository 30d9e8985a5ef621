using System.Collections;

namespace Podsharp.Binding;

/// <summary>podman's filters from a hashtable and the label parameter.</summary>
internal static class Filters
{
    /// <summary>Filter names to values.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(Hashtable? filter, object[]? labels)
    {
        var filters = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> Values(string name) => filters.TryGetValue(name, out var values) ? values : filters[name] = [];
        if (filter is not null)
            foreach (DictionaryEntry entry in filter)
                foreach (var value in TransformationAttribute.Flatten(TransformationAttribute.Unwrap(entry.Value)))
                    Values((entry.Key.ToString() ?? "").ToLowerInvariant()).Add(value.ToString() ?? "");
        foreach (var label in TransformationAttribute.Flatten(labels))
        {
            if (label is IDictionary table)
                foreach (DictionaryEntry entry in table)
                    Values("label").Add(entry.Value is null ? $"{entry.Key}" : $"{entry.Key}={entry.Value}");
            else
                Values("label").Add(label.ToString() ?? "");
        }
        return filters.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)entry.Value, StringComparer.Ordinal);
    }
}

using System.Globalization;

namespace Podsharp.Engine.Host;

/// <summary>A range of a user namespace's id map (user_namespaces(7)).</summary>
/// <param name="Inside">First id inside.</param>
/// <param name="Outside">First id outside.</param>
/// <param name="Count">How many.</param>
internal sealed record IdMapping(uint Inside, uint Outside, uint Count)
{
    /// <summary>Whom files appear to belong to whose owner isn't mapped (the kernel's overflow id).</summary>
    internal const uint Nobody = 65534;

    /// <summary>The id outside; null for one that isn't mapped. Without maps all ids are the same.</summary>
    internal static uint? ToOutside(IReadOnlyList<IdMapping> map, uint id) => map.Count == 0 ? id
        : map.FirstOrDefault(range => id >= range.Inside && id - range.Inside < range.Count) is { } found ? found.Outside + (id - found.Inside) : null;

    /// <summary>The id inside; null for one that isn't mapped.</summary>
    internal static uint? ToInside(IReadOnlyList<IdMapping> map, uint id) => map.Count == 0 ? id
        : map.FirstOrDefault(range => id >= range.Outside && id - range.Outside < range.Count) is { } found ? found.Inside + (id - found.Outside) : null;

    /// <summary>The kernel's form.</summary>
    internal static string ToText(IReadOnlyList<IdMapping> map) =>
        string.Concat(map.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.Inside} {range.Outside} {range.Count}\n")));

    /// <summary>Reads /proc/PID/uid_map or gid_map.</summary>
    internal static IReadOnlyList<IdMapping> Parse(string text)
    {
        var mappings = new List<IdMapping>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 3)
            {
                mappings.Add(new IdMapping(uint.Parse(fields[0], CultureInfo.InvariantCulture),
                    uint.Parse(fields[1], CultureInfo.InvariantCulture), uint.Parse(fields[2], CultureInfo.InvariantCulture)));
            }
        }
        return mappings;
    }
}

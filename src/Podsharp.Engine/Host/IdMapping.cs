using System.Globalization;

namespace Podsharp.Engine.Host;

/// <summary>A range of a user namespace's id map (user_namespaces(7)).</summary>
/// <param name="Inside">First id inside.</param>
/// <param name="Outside">First id outside.</param>
/// <param name="Count">How many.</param>
internal sealed record IdMapping(uint Inside, uint Outside, uint Count)
{
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

using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.UserNamespaces;

/// <summary>Ranges of /etc/subuid and /etc/subgid (subuid(5)).</summary>
internal static class SubordinateIds
{
    /// <summary>The ranges of a user, in the file's order.</summary>
    /// <param name="kind">uid or gid.</param>
    /// <param name="user">The user's name, or number.</param>
    /// <exception cref="ContainerEngineException">NotFound where there are none.</exception>
    internal static IReadOnlyList<IdRange> Read(string kind, string user)
    {
        var path = "/etc/sub" + kind;
        var ranges = Parse(HostFiles.ReadText(path) ?? "", user);
        return ranges.Count > 0 ? ranges : throw new ContainerEngineException(ErrorKind.NotFound, "SubordinateIdsMissing",
            $"no sub{kind} ranges found for user \"{user}\" in {path}", user, $"add a line such as {user}:1000000:1000000 to {path}");
    }

    /// <summary>Reads a file's text.</summary>
    internal static IReadOnlyList<IdRange> Parse(string text, string user)
    {
        var ranges = new List<IdRange>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(':') is [var name, var start, var count] && name == user
                && uint.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && uint.TryParse(count.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0)
                ranges.Add(new IdRange(first, size));
        }
        return ranges;
    }

    /// <summary>A container's map of them: all, from id 0 on.</summary>
    internal static IReadOnlyList<IdMapping> ToMap(IReadOnlyList<IdRange> ranges)
    {
        var map = new List<IdMapping>(ranges.Count);
        uint next = 0;
        foreach (var range in ranges)
        {
            map.Add(new IdMapping(next, range.Start, range.Count));
            next += range.Count;
        }
        return map;
    }
}

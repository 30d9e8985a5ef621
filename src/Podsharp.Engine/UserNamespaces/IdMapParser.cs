using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.UserNamespaces;

/// <summary>Reads podman's <c>--uidmap</c> and <c>--gidmap</c>: <c>[+ug]CONTAINER:[@]HOST[:COUNT]</c>. An ordinary user's host ids are those of the
/// user's own namespace, unless an @ says that they are the host's.</summary>
/// <param name="what">UID or GID.</param>
/// <param name="own">The ids that this process has, as they are inside and outside of its own namespace.</param>
/// <param name="isRootless">Whether it has a namespace of its own.</param>
internal sealed class IdMapParser(string what, IReadOnlyList<IdMapping> own, bool isRootless)
{
    /// <summary>Which of the maps a text is for: u, g, or both.</summary>
    internal static bool IsFor(char kind, string text)
    {
        var flags = text[..Math.Max(text.AsSpan().IndexOfAnyInRange('0', '9'), 0)];
        return !flags.AsSpan().ContainsAny('u', 'g') || flags.Contains(kind);
    }

    /// <summary>Reads a map.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal IReadOnlyList<IdMapping> Parse(IReadOnlyList<string> texts)
    {
        var map = new List<IdMapping>();
        var extends = false;
        foreach (var text in texts)
        {
            var range = ParseRange(text, out var isExtension);
            extends |= isExtension;
            if (map.FirstOrDefault(other => Overlap(other.Inside, other.Count, range.Inside, range.Count)) is not null)
                throw EngineErrors.InvalidArgument($"the {what} mapping {text} maps ids of the container that another maps too", text, "map each id once");
            map.Add(range);
        }
        if (!extends)
            return map;
        if (!isRootless)
            throw EngineErrors.Unsupported($"the {what} mapping can't be extended (+): as root there is no default mapping, ids of the host would be given away", texts[0], "leave the + out and map all ids");
        return Fill(map);
    }

    private IdMapping ParseRange(string text, out bool isExtension)
    {
        var rest = text.TrimStart('+', 'u', 'g');
        isExtension = text[..^rest.Length].Contains('+');
        var parts = rest.Split(':');
        if (parts.Length is < 2 or > 3)
            throw Malformed(text);
        var isHost = parts[1].StartsWith('@');
        var inside = Number(parts[0], text);
        var outside = Number(isHost ? parts[1][1..] : parts[1], text);
        var count = parts.Length == 3 ? Number(parts[2], text) : 1;
        if (count == 0 || inside > uint.MaxValue - count || outside > uint.MaxValue - count)
            throw Malformed(text);
        if (isHost && isRootless)
        {
            outside = IdMapping.ToInside(own, outside)
                ?? throw EngineErrors.InvalidArgument($"the {what} {outside} of the host is not among those of this user", text, "use ids of /etc/subuid and /etc/subgid, or your own");
        }
        return new IdMapping(inside, outside, count);
    }

    // All other ids of the user, in their order, become those of the container that are still free.
    private List<IdMapping> Fill(List<IdMapping> map)
    {
        var filled = new List<IdMapping>(map);
        var free = IdRanges.Without([.. own.Select(range => new IdRange(range.Inside, range.Count))], map.Select(range => new IdRange(range.Outside, range.Count)));
        var places = IdRanges.Without([new IdRange(0, uint.MaxValue)], map.Select(range => new IdRange(range.Inside, range.Count)));
        foreach (var ids in free)
        {
            var rest = ids;
            while (rest.Count > 0 && places.Count > 0)
            {
                var count = Math.Min(rest.Count, places[0].Count);
                filled.Add(new IdMapping(places[0].Start, rest.Start, count));
                rest = rest.Skip(count);
                places[0] = places[0].Skip(count);
                if (places[0].Count == 0)
                    places.RemoveAt(0);
            }
        }
        return [.. filled.OrderBy(range => range.Inside)];
    }

    private uint Number(string text, string map) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Malformed(map);

    private ContainerEngineException Malformed(string text) => EngineErrors.InvalidArgument(
        $"initializing ID mappings: {what} setting is malformed expected [\"[+ug]uint32:[@]uint32[:uint32]\"] : [\"{text}\"]", text, "write CONTAINER-ID:HOST-ID:COUNT");

    private static bool Overlap(uint left, uint leftCount, uint right, uint rightCount) => left < (ulong)right + rightCount && right < (ulong)left + leftCount;
}

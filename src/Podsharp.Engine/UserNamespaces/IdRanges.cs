using Podsharp.Engine.Host;

namespace Podsharp.Engine.UserNamespaces;

/// <summary>Sets of ids.</summary>
internal static class IdRanges
{
    /// <summary>What is left of ranges without others, in their order.</summary>
    internal static List<IdRange> Without(IReadOnlyList<IdRange> ranges, IEnumerable<IdRange> others)
    {
        var left = new List<IdRange>(ranges.Where(range => range.Count > 0));
        foreach (var other in others)
        {
            var next = new List<IdRange>(left.Count + 1);
            foreach (var range in left)
            {
                ulong start = range.Start, end = start + range.Count, from = other.Start, to = from + other.Count;
                if (to <= start || from >= end)
                {
                    next.Add(range);
                    continue;
                }
                if (from > start)
                    next.Add(new IdRange(range.Start, (uint)(from - start)));
                if (to < end)
                    next.Add(new IdRange((uint)to, (uint)(end - to)));
            }
            left = next;
        }
        return left;
    }

    /// <summary>Maps free ids of the container to free ids outside, in their order; null where there aren't enough.</summary>
    /// <param name="size">How many ids the container is to have, from 0 on.</param>
    /// <param name="free">The ids outside that nobody has.</param>
    /// <param name="given">What is mapped already: these ids of the container and of outside are not used.</param>
    internal static IReadOnlyList<IdMapping>? Allocate(uint size, IReadOnlyList<IdRange> free, IReadOnlyList<IdMapping> given)
    {
        var map = new List<IdMapping>();
        var outside = Without(free, given.Select(range => new IdRange(range.Outside, range.Count)));
        foreach (var wanted in Without([new IdRange(0, size)], given.Select(range => new IdRange(range.Inside, range.Count))))
        {
            var rest = wanted;
            while (rest.Count > 0)
            {
                if (outside.Count == 0)
                    return null;
                var count = Math.Min(rest.Count, outside[0].Count);
                map.Add(new IdMapping(rest.Start, outside[0].Start, count));
                rest = rest.Skip(count);
                outside[0] = outside[0].Skip(count);
                if (outside[0].Count == 0)
                    outside.RemoveAt(0);
            }
        }
        return [.. map, .. given];
    }
}

using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>The mount option <c>idmap[=uids=RANGES;gids=RANGES]</c>: what belongs to an id of the source appears to belong to another one. A range is
/// <c>[@]SOURCE-HOST-COUNT</c>; ranges are parted by #, and with an @ the second id is one of the container's user namespace. Without ranges the
/// container's own map is meant.</summary>
internal static class IdMapOption
{
    private const string Name = "idmap";

    /// <summary>Whether an option of a mount is this one.</summary>
    internal static bool Is(string option) => option == Name || option.StartsWith(Name + "=", StringComparison.Ordinal);

    /// <summary>Checks the form of it.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void Check(string option) => Read(option, resolve: (_, id) => id, [], []);

    /// <summary>The maps that a mount's options ask for; empty ones where they don't, or where the container has no user namespace to take them from.</summary>
    /// <param name="options">The mount's options.</param>
    /// <param name="users">The container's map of users.</param>
    /// <param name="groups">Its map of groups.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: malformed, or an id that the container's namespace doesn't have.</exception>
    internal static (IReadOnlyList<IdMapping> Users, IReadOnlyList<IdMapping> Groups) Find(IReadOnlyList<string> options, IReadOnlyList<IdMapping> users, IReadOnlyList<IdMapping> groups) =>
        options.FirstOrDefault(Is) is { } option ? Read(option, Resolve, users, groups) : ([], []);

    private static (IReadOnlyList<IdMapping> Users, IReadOnlyList<IdMapping> Groups) Read(string option, Func<IReadOnlyList<IdMapping>, uint, uint?> resolve,
        IReadOnlyList<IdMapping> users, IReadOnlyList<IdMapping> groups)
    {
        if (option == Name)
            return (users, groups);
        var (userMap, groupMap) = (users, groups);
        foreach (var part in option[(Name.Length + 1)..].Split(';'))
        {
            if (part.StartsWith("uids=", StringComparison.Ordinal))
                userMap = Ranges(part[5..], id => resolve(users, id));
            else if (part.StartsWith("gids=", StringComparison.Ordinal))
                groupMap = Ranges(part[5..], id => resolve(groups, id));
            else
                throw Malformed(option, part);
        }
        return (userMap, groupMap);
    }

    private static uint? Resolve(IReadOnlyList<IdMapping> map, uint id) => map.Count == 0 ? null : IdMapping.ToOutside(map, id);

    private static List<IdMapping> Ranges(string text, Func<uint, uint?> resolve)
    {
        var map = new List<IdMapping>();
        foreach (var range in text.Split('#'))
        {
            var numbers = range.TrimStart('@').Split('-').Select(number => uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (uint?)null).ToArray();
            if (numbers is not [{ } inside, { } outside, { } count] || count == 0)
                throw Malformed(text, range);
            if (range.StartsWith('@'))
            {
                outside = resolve(outside) ?? throw EngineErrors.InvalidArgument($"could not find a user namespace mapping for the relative mapping \"{range}\"", range,
                    "name an id that the container's user namespace has, or leave the @ out");
            }
            map.Add(new(inside, outside, count));
        }
        return map;
    }

    private static ContainerEngineException Malformed(string option, string part) =>
        EngineErrors.InvalidArgument($"invalid value \"{part}\" for the mount option {option}", part, "write idmap=uids=SOURCE-HOST-COUNT;gids=SOURCE-HOST-COUNT, with # between ranges");
}

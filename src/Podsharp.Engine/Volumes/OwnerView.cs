using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.State;

namespace Podsharp.Engine.Volumes;

/// <summary>Shows a directory of the host as its container's user's by an idmapped mount, in place of giving it to that user: the mount option <c>U</c> where
/// kernel, file system and runtime can.</summary>
/// <param name="inUserNamespace">Whether this process is in a user namespace: it may not shift owners on the host's file systems then.</param>
internal sealed class OwnerView(bool inUserNamespace)
{
    /// <summary>Finds the maps of such a mount.</summary>
    /// <param name="source">The directory or file.</param>
    /// <param name="viewer">The host's ids of the container's user.</param>
    /// <param name="config">The container.</param>
    /// <param name="cancellationToken">Ends the look at all files.</param>
    /// <returns>The maps; null where it can't be, or mustn't.</returns>
    internal SourceOwners? TryFind(string source, (uint User, uint Group) viewer, ContainerConfig config, CancellationToken cancellationToken)
    {
        if (TreeOwner.Find(source, cancellationToken) is not { } owner)
            return null;
        if (owner == viewer)
            return new([], [], viewer);
        // Through the mount the container's user would make files that are the host's root's, with set-user-id bits too.
        if (inUserNamespace || (owner.User == 0 && viewer.User != 0) || (owner.Group == 0 && viewer.Group != 0))
            return null;
        var shown = new SourceOwners(Exchange(owner.User, viewer.User), Exchange(owner.Group, viewer.Group), owner);
        return CanMount(source, shown) && RuntimeFeatures.Of(config.RuntimePath).MapsMounts ? shown : null;
    }

    /// <summary>The map that shows one id as another and all others as they are. The one that is shown trades places with the other, so that every id
    /// can make files; but for the host's root, whose place nobody gets: nobody's is given in return, and root's files are shown as nobody's.</summary>
    internal static IReadOnlyList<IdMapping> Exchange(uint owner, uint viewer)
    {
        const uint End = uint.MaxValue; // which is no id
        if (owner == viewer)
            return [new(0, 0, End)];
        var moves = new List<IdMapping> { new(owner, viewer, 1) };
        var spare = viewer == 0 ? IdMapping.Nobody : viewer;
        if (spare != owner)
            moves.Add(new(spare, owner, 1));
        var map = new List<IdMapping>(moves);
        var start = 0u;
        foreach (var moved in new[] { owner, viewer, spare }.Distinct().Order())
        {
            if (moved > start)
                map.Add(new(start, start, moved - start));
            start = moved + 1;
        }
        if (start < End)
            map.Add(new(start, start, End - start));
        return [.. map.OrderBy(range => range.Inside)];
    }

    private static bool CanMount(string source, SourceOwners owners)
    {
        try
        {
            using var space = UserNamespace.Create(IdMapping.ToText(owners.Users), IdMapping.ToText(owners.Groups), network: false);
            var errno = Mounts.TryCloneMapped(source, space.User, out var tree);
            tree?.Dispose();
            return errno == Errno.None;
        }
        catch (LinuxException)
        {
            return false; // no user namespaces here
        }
    }
}

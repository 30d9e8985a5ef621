using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Whose files a mount's source has: the host's ids, or those inside of the maps that its option <c>idmap</c> shows it with.</summary>
/// <param name="Users">Whom files that belong to users inside appear to belong to; empty where they are shown as they are.</param>
/// <param name="Groups">Likewise for groups.</param>
/// <param name="Owner">The ids of the container's user in the source.</param>
internal sealed record SourceOwners(IReadOnlyList<IdMapping> Users, IReadOnlyList<IdMapping> Groups, (uint User, uint Group) Owner)
{
    /// <summary>The owners of a mount's source.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="config">The container.</param>
    /// <param name="owner">The ids of its user on the host.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: an id that the container's namespace doesn't have.</exception>
    internal static SourceOwners Of(ContainerMount mount, ContainerConfig config, (uint User, uint Group) owner)
    {
        var (users, groups) = IdMapOption.Find(mount.Options, config.UserIdMap, config.GroupIdMap);
        var unshifted = new SourceOwners(users, groups, owner);
        return unshifted with { Owner = unshifted.Of(owner.User, owner.Group) };
    }

    /// <summary>The owner of a copy in the source of a file of the container's root.</summary>
    internal (uint User, uint Group) Of(FileStatus file) => Of(file.UserId, file.GroupId);

    // An id that the maps don't show stays as it is.
    private (uint User, uint Group) Of(uint user, uint group) => (IdMapping.ToInside(Users, user) ?? user, IdMapping.ToInside(Groups, group) ?? group);
}

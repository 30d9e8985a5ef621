using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.UserNamespaces;

/// <summary>A container's root at a place that its user namespace's root can get to while the runtime sets it up: the store is closed to all but its
/// owner, and is to stay so. Nobody can list the place, and each root in it has an id for a name.</summary>
internal sealed class VisibleRoot : IDisposable
{
    private const uint Searchable = 0x1C9; // 0711

    private VisibleRoot(string path) => Path = path;

    /// <summary>The root.</summary>
    internal string Path { get; }

    /// <summary>Shows a root until this is disposed of.</summary>
    /// <param name="host">The host.</param>
    /// <param name="containerId">The container.</param>
    /// <param name="rootPath">Its root.</param>
    /// <param name="users">Whom files that belong to users inside are to appear to belong to; empty shows them as they are.</param>
    /// <param name="groups">Likewise for groups.</param>
    /// <exception cref="ContainerEngineException">InvalidState: somebody else has the place. Unsupported: the file system can't show other owners.</exception>
    internal static VisibleRoot Show(HostFacts host, string containerId, string rootPath, IReadOnlyList<IdMapping> users, IReadOnlyList<IdMapping> groups)
    {
        var place = Place(host);
        Files.MakeDirectory(place, Searchable);
        // In /tmp anybody may have been there before.
        if (Files.TryStatus(place, followLink: false) is not { IsDirectory: true } status || status.UserId != host.EffectiveUserId || (status.Mode & ModeBits.PermissionMask & 0x12 /* 0022 */) != 0)
            throw EngineErrors.InvalidState(containerId, $"{place} is not a directory of this user alone", "remove it");
        using (var directory = Files.Open(place, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow))
            Files.ChangeMode(directory, Searchable);
        Remove(host, containerId);
        var path = $"{place}/{containerId}";
        Files.MakeDirectory(path, Searchable);
        if (users.Count == 0)
            Mounts.Mount(rootPath, path, null, MountFlags.Bind, null);
        else
            ShowMapped(containerId, rootPath, path, users, groups);
        Mounts.Mount(null, path, null, MountFlags.Private, null);
        return new VisibleRoot(path);
    }

    private static void ShowMapped(string containerId, string rootPath, string path, IReadOnlyList<IdMapping> users, IReadOnlyList<IdMapping> groups)
    {
        using var owners = UserNamespace.Create(IdMapping.ToText(users), IdMapping.ToText(groups), network: false);
        var errno = Mounts.TryMountMapped(rootPath, owners.User, path);
        if (errno != Errno.None)
            throw EngineErrors.Unsupported($"the files of {rootPath} can't be shown with other owners: {LinuxError.Describe(errno)}", containerId, "leave :idmap out, or keep them on a file system that can (ext4, xfs, btrfs)");
    }

    /// <summary>Takes away what a killed start has left; nothing there is fine.</summary>
    internal static void Remove(HostFacts host, string containerId) => Remove($"{Place(host)}/{containerId}");

    /// <inheritdoc/>
    public void Dispose() => Remove(Path);

    private static void Remove(string path)
    {
        while (Mounts.TryUnmount(path, lazily: true) == Errno.None)
        {
        }
        var errno = Files.TryRemoveDirectory(path);
        if (errno != Errno.NoEntry)
            LinuxError.Check(errno, "remove", path);
    }

    private static string Place(HostFacts host) => host.IsRootless ? string.Create(CultureInfo.InvariantCulture, $"/tmp/podsharp-roots-{host.OutsideUserId}") : "/run/podsharp-roots";
}

using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Prepares a volume for a mount by podman's rules: an empty one takes what the image has at its place, once; until then, and as
/// long as nothing is in it, its directory has the owner, mode and times of the image's, or belongs to the container's user where
/// the image has none.</summary>
internal sealed class VolumeFiller(VolumeStore volumes)
{
    /// <summary>Prepares a volume.</summary>
    /// <param name="mount">The mount, of a volume.</param>
    /// <param name="data">The directory of its content.</param>
    /// <param name="rootPath">The container's mounted root file system.</param>
    /// <param name="owners">Whose its files are to be.</param>
    /// <param name="cancellationToken">Ends copying.</param>
    /// <returns>The directory of its content.</returns>
    internal string Prepare(ContainerMount mount, string data, string rootPath, SourceOwners owners, CancellationToken cancellationToken)
    {
        if (volumes.Find(mount.Source) is { NeedsCopyUp: false, OwnerSettled: true })
            return data;
        using var held = volumes.Lock(mount.Source, cancellationToken);
        if (volumes.Find(mount.Source) is not { } row || row is { NeedsCopyUp: false, OwnerSettled: true })
            return data;
        if (!row.IsMounted)
            volumes.MakeDirectory(mount.Source);
        if (Files.ReadDirectory(data).Count > 0)
        {
            // Somebody has put something there: it is theirs.
            if (!row.OwnerSettled)
                volumes.SettleOwner(mount.Source);
            return data;
        }
        using var source = OpenSource(mount.Target, rootPath);
        if (source is not null && row.NeedsCopyUp && !IsNoCopy(mount, row) && Files.ReadDirectory(source).Count > 0)
        {
            Copy(source, data, row.IsMounted, mount, row.OwnerSettled ? Files.TryStatus(data) : null, owners, cancellationToken);
            volumes.NoteCopied(mount.Source);
        }
        else if (!row.OwnerSettled)
        {
            GiveOwner(source, data, mount, owners);
        }
        return data;
    }

    // The kernel resolves it, so that a link in the image doesn't lead to the host.
    private static SafeFileHandle? OpenSource(string target, string rootPath)
    {
        using var root = Files.Open(rootPath, OpenFlags.Path | OpenFlags.Directory);
        var errno = Files.TryOpenConfined(root, target.TrimStart('/'), OpenFlags.ReadOnly | OpenFlags.Directory, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var source);
        if (errno is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymlinks)
            return null;
        LinuxError.Check(errno, "open in the image", target);
        return source;
    }

    // The mount's word counts, else the volume's.
    private static bool IsNoCopy(ContainerMount mount, State.VolumeTable.Row row) =>
        mount.Options.Contains("nocopy") || (row.Options.ContainsKey("nocopy") && !mount.Options.Contains("copy"));

    // Made beside and renamed, so that a kill leaves the volume empty and the next start begins anew. What is mounted can't be replaced: it is
    // filled where it is.
    private void Copy(SafeFileHandle source, string data, bool inPlace, ContainerMount mount, FileStatus? kept, SourceOwners owners, CancellationToken cancellationToken)
    {
        var staging = inPlace ? data : data + "-copy";
        if (!inPlace)
        {
            Files.RemoveTree(staging);
            LinuxError.Check(Files.TryMakeDirectory(Files.Absolute, staging, 0x1C0), "create the directory", staging);
            FileLabels.Set(staging, volumes.FileLabel());
        }
        using (var target = Files.Open(staging, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow))
        {
            TreeCopy.Copy(source, target, owners.Of, cancellationToken);
            // An owner given at the creation stays, and with the option U the container's user comes to own all of it.
            if (kept is { } before)
                Set(target, before.UserId, before.GroupId, before.Mode, staging);
            else if (mount.Options.Contains("U"))
                Set(target, owners.Owner.User, owners.Owner.Group, 0x1ED /* 0755 */, staging);
        }
        if (!inPlace)
            LinuxError.Check(Files.TryRename(staging, data), "rename to", data);
    }

    private void GiveOwner(SafeFileHandle? source, string data, ContainerMount mount, SourceOwners owners)
    {
        using var target = Files.Open(data, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        LinuxError.Check(Files.TryChangeOwner(target, owners.Owner.User, owners.Owner.Group), "change the owner of", data);
        if (source is null || mount.Options.Contains("U"))
            return;
        var status = Files.Status(source);
        var (user, group) = owners.Of(status);
        Set(target, user, group, status.Mode, data);
        LinuxError.Check(Files.TryChangeTimes(target, status.Accessed, status.Modified), "change the times of", data);
        // As under podman, what was root's in one image stays root's.
        if (status is { UserId: 0, GroupId: 0 })
            volumes.SettleOwner(mount.Source);
    }

    private static void Set(SafeFileHandle directory, uint user, uint group, uint mode, string path)
    {
        LinuxError.Check(Files.TryChangeOwner(directory, user, group), "change the owner of", path);
        Files.ChangeMode(directory, mode & ModeBits.PermissionMask);
    }
}

using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>Gives all files of a container to the ids of its user namespace, where they can't be shown so (<see cref="MappedOverlay"/>): an ordinary user
/// may not, nor can every file system. That copies them into the container's layer, once.</summary>
internal static class OwnerShift
{
    private const string Capabilities = "security.capability";

    /// <summary>Whether that was done to a layer.</summary>
    internal static bool IsDone(StoredLayer layer) => Files.TryStatus(Marker(layer)) is not null;

    /// <summary>Does it. A layer where this was cut short is emptied first: what was shifted can't be told from what was not.</summary>
    /// <param name="driverRoot">The directory of all layers.</param>
    /// <param name="layer">The container's layer.</param>
    /// <param name="target">Where it is mounted meanwhile, unseen by others.</param>
    /// <param name="mount">Mounts it there.</param>
    internal static void Do(string driverRoot, StoredLayer layer, string target, Func<Errno> mount)
    {
        using (var upper = Files.Open(layer.DirectoryPath + "/diff", OpenFlags.ReadOnly | OpenFlags.Directory))
        {
            foreach (var entry in Files.ReadDirectory(upper))
                Files.RemoveTree(upper, entry.Name);
        }
        Namespaces.RunWithPrivateMounts(driverRoot, () =>
        {
            LinuxError.Check(mount(), "mount the overlay on", target);
            using (var root = Files.Open(target, OpenFlags.ReadOnly | OpenFlags.Directory))
                Shift(root, layer);
            LinuxError.Check(Mounts.TryUnmount(target, lazily: false), "unmount", target);
            return true;
        });
        // A volatile mount leaves this, and another one would be refused.
        Files.RemoveTree(layer.DirectoryPath + "/work/work/incompat");
        Files.Replace(Marker(layer), [], 0x180 /* 0600 */, durable: false);
    }

    // The root itself has the right owner from the beginning.
    private static void Shift(SafeFileHandle directory, StoredLayer layer)
    {
        foreach (var entry in Files.ReadDirectory(directory))
        {
            LinuxError.Check(Files.TryStatus(directory, entry.Name.AsSpan(), false, out var status), "look at", layer.DirectoryPath);
            if (IdMapping.ToOutside(layer.UserMap, status.UserId) is { } user && IdMapping.ToOutside(layer.GroupMap, status.GroupId) is { } group)
                Change(directory, entry.Name, status, user, group);
            if (!status.IsDirectory)
                continue;
            LinuxError.Check(Files.TryOpenAt(directory, entry.Name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var inner), "open", layer.DirectoryPath);
            using (inner)
                Shift(inner!, layer);
        }
    }

    // A change of the owner takes set-user-id bits and capabilities away.
    private static void Change(SafeFileHandle directory, byte[] name, in FileStatus status, uint user, uint group)
    {
        if (status.UserId == user && status.GroupId == group)
            return;
        var capabilities = status.IsRegular ? Files.TryGetAttribute(directory, name.AsSpan(), Capabilities) : null;
        LinuxError.Check(Files.TryChangeOwner(directory, name.AsSpan(), user, group), "change the owner of", System.Text.Encoding.UTF8.GetString(name));
        if (!status.IsSymlink && (status.Mode & (ModeBits.SetUserId | ModeBits.SetGroupId)) != 0)
            LinuxError.Check(Files.TryChangeMode(directory, name.AsSpan(), status.Mode & ModeBits.PermissionMask), "change the mode of", System.Text.Encoding.UTF8.GetString(name));
        if (capabilities is not null)
            Files.TrySetAttribute(directory, name.AsSpan(), Capabilities, capabilities);
    }

    private static string Marker(StoredLayer layer) => layer.DirectoryPath + "/owners-shifted";
}

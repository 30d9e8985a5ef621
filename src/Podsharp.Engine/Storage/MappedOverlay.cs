using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>Mounts a container's layer whose ids are others than those of the layers below: these are seen through mounts that shift owners, so that
/// nothing is done to any file, however many there are.</summary>
internal static class MappedOverlay
{
    /// <summary>Mounts it.</summary>
    /// <param name="driverRoot">The directory of all layers.</param>
    /// <param name="layer">The container's layer.</param>
    /// <param name="options">The overlay's.</param>
    /// <param name="lowers">The directories below, the nearest first.</param>
    /// <param name="target">Where to.</param>
    /// <returns>Whether kernel and file system can do this, and this user may.</returns>
    internal static bool TryMount(string driverRoot, StoredLayer layer, OverlayOptions options, IReadOnlyList<string> lowers, string target)
    {
        var place = layer.DirectoryPath + "/mapped";
        Files.MakeDirectory(place, 0x1C0 /* 0700 */);
        using var owners = UserNamespace.Create(IdMapping.ToText(layer.UserMap), IdMapping.ToText(layer.GroupMap), network: false);
        // The shifted mounts are seen by nobody else and gone with the work; the overlay keeps what it needs of them. Their names are short, so
        // that many fit into a page of options.
        using var overlay = Namespaces.RunWithPrivateMounts(driverRoot, () =>
        {
            Mounts.Mount("tmpfs", place, "tmpfs", MountFlags.None, "mode=700");
            for (var i = 0; i < lowers.Count; i++)
            {
                var shifted = string.Create(CultureInfo.InvariantCulture, $"{place}/{i}");
                Files.MakeDirectory(shifted, 0x1C0);
                var errno = Mounts.TryMountMapped(lowers[i], owners.User, shifted);
                if (errno is Errno.Invalid or Errno.PermissionDenied or Errno.NotImplemented)
                    return null;
                LinuxError.Check(errno, "mount with other owners", lowers[i]);
            }
            LinuxError.Check(options.TryMountRelative(place, lowers.Count, target), "mount the overlay on", target);
            LinuxError.Check(Mounts.TryClone(target, out var mounted), "take the overlay from", target);
            return mounted;
        });
        if (overlay is null)
            return false;
        LinuxError.Check(Mounts.TryMoveMount(overlay, target), "mount the overlay on", target);
        return true;
    }
}

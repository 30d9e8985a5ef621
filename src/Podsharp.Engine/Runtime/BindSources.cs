using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Runtime;

/// <summary>Names what bind mounts show by its own path: a mount follows a link, but CRIU, which mounts the same again at a restore, doesn't.</summary>
internal static class BindSources
{
    /// <summary>The mount, with a source that is no link.</summary>
    internal static OciMount Follow(OciMount mount)
    {
        if (mount.Type != "bind" || mount.Options.Contains("copy-symlink") || Files.TryStatus(mount.Source, followLink: false) is not { IsSymlink: true })
            return mount;
        // The runtime says what is wrong with a link that leads nowhere.
        if (Files.TryOpenAt(Files.Absolute, mount.Source, OpenFlags.Path, 0, out var file) != Errno.None)
            return mount;
        using (file)
        {
            return Files.TryReadLink(Files.Absolute, $"/proc/self/fd/{(int)file!.DangerousGetHandle()}") is { } path
                ? mount with { Source = Encoding.UTF8.GetString(path) } : mount;
        }
    }
}

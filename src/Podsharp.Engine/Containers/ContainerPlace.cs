using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Containers;

/// <summary>A path of a container and the directory that it is resolved in: the container's root, or what is mounted on the way where the
/// container doesn't run. The kernel takes that directory for the root, so nothing outside is reached, whatever is changed meanwhile.</summary>
/// <param name="root">The directory.</param>
/// <param name="relative">The path in it; empty for the directory itself.</param>
/// <param name="owned">Whether the directory goes with this.</param>
internal sealed class ContainerPlace(SafeFileHandle root, string relative, bool owned) : IDisposable
{
    /// <summary>The directory that the path is resolved in.</summary>
    internal SafeFileHandle Root => root;

    /// <summary>Where in the container that directory is seen.</summary>
    internal string MountedOn { get; init; } = "/";

    /// <summary>Whether the place is a file that is mounted by itself, under a name of its own.</summary>
    internal bool IsMountedFile { get; init; }

    /// <summary>Whether the place is the container's root.</summary>
    internal bool IsRoot => !owned && relative.Length == 0;

    /// <summary>Opens what is there without opening it for anything (O_PATH).</summary>
    internal Errno TryOpen(bool followLink, out SafeFileHandle? file) => Files.TryOpenConfined(root, relative.Length == 0 ? "." : relative,
        followLink ? OpenFlags.Path : OpenFlags.Path | OpenFlags.NoFollow, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out file);

    /// <summary>The path in the directory of what was opened, with all links resolved.</summary>
    internal byte[] RealPath(SafeFileHandle file)
    {
        var start = PathOf(root);
        var path = PathOf(file);
        return path.Length <= start.Length ? [] : path[(start is [(byte)'/'] ? 1 : start.Length + 1)..];
    }

    /// <summary>The absolute path in the container of what was opened.</summary>
    internal string RealPathInContainer(SafeFileHandle file)
    {
        var path = Encoding.UTF8.GetString(RealPath(file));
        return path.Length == 0 ? MountedOn : MountedOn == "/" ? "/" + path : $"{MountedOn}/{path}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (owned)
            root.Dispose();
    }

    private static byte[] PathOf(SafeFileHandle handle) =>
        Files.TryReadLink(Files.Absolute, $"/proc/self/fd/{(int)handle.DangerousGetHandle()}") ?? [];
}

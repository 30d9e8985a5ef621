using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>How many bytes the files of a tree have, as podman counts them: lengths, not blocks; directories count nothing, a file with
/// several names once.</summary>
/// <remarks>The tree may be a container's, which is at work in it and may be hostile: no link is followed, one directory is open at a time,
/// and what lies deeper than a path can tell is passed over.</remarks>
internal static class TreeSize
{
    private const int LongestPath = 4095; // PATH_MAX, with its zero

    /// <summary>Adds up a directory; nothing where there is none.</summary>
    internal static long Of(string path, CancellationToken cancellationToken = default)
    {
        if (Files.TryOpenAt(Files.Absolute, path, OpenFlags.Directory, 0, out var root) != Errno.None)
            return 0;
        using (root)
            return Of(root!, cancellationToken);
    }

    private static long Of(SafeFileHandle root, CancellationToken cancellationToken)
    {
        var total = 0L;
        var counted = new HashSet<(uint, uint, ulong)>();
        var pending = new Stack<byte[]>();
        pending.Push("."u8.ToArray());
        while (pending.TryPop(out var path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Files.TryOpenConfined(root, path.AsSpan(), OpenFlags.Directory | OpenFlags.NoFollow, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, 0,
                out var directory) != Errno.None)
                continue;
            using (directory)
            {
                foreach (var entry in Files.ReadDirectory(directory!))
                {
                    if (Files.TryStatus(directory!, entry.Name.AsSpan(), followLink: false, out var status) != Errno.None)
                        continue;
                    if (!status.IsDirectory)
                    {
                        if (status.LinkCount < 2 || counted.Add((status.DeviceMajor, status.DeviceMinor, status.Inode)))
                            total += status.Size;
                    }
                    else if (path.Length + entry.Name.Length < LongestPath)
                    {
                        pending.Push([.. path, (byte)'/', .. entry.Name]);
                    }
                }
            }
        }
        return total;
    }
}

using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Volumes;

/// <summary>Whose a tree is, where all of it is one user's and one group's.</summary>
internal static class TreeOwner
{
    // Whoever writes there can nest directories deeper than a stack or the limit of open files goes.
    private const int Deepest = 200;

    /// <summary>Looks at every file below a path until one tells otherwise.</summary>
    /// <returns>The owner of all; null where there are several, or other mounts below, or what can't be looked at.</returns>
    internal static (uint User, uint Group)? Find(string path, CancellationToken cancellationToken)
    {
        if (Files.TryStatus(Files.Absolute, path, false, out var status) != Errno.None)
            return null;
        var one = status.IsDirectory ? Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var directory) == Errno.None
            && IsAllOf(directory!, status, 0, cancellationToken) : !status.IsSymlink;
        return one ? (status.UserId, status.GroupId) : null;
    }

    private static bool IsAllOf(SafeFileHandle directory, FileStatus top, int depth, CancellationToken cancellationToken)
    {
        using (directory)
        {
            foreach (var entry in Files.ReadDirectory(directory))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Files.TryStatus(directory, entry.Name.AsSpan(), false, out var status) != Errno.None)
                    continue; // it has just gone
                if (status.UserId != top.UserId || status.GroupId != top.GroupId || status.MountRoot != false)
                    return false;
                if (!status.IsDirectory)
                    continue;
                var errno = Files.TryOpenAt(directory, entry.Name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var inner);
                if (errno == Errno.NoEntry)
                    continue;
                if (depth == Deepest || errno != Errno.None || !IsAllOf(inner!, top, depth + 1, cancellationToken))
                {
                    inner?.Dispose();
                    return false;
                }
            }
        }
        return true;
    }
}

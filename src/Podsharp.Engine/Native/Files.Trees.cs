using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

// Directories and all that is in them.
internal static unsafe partial class Files
{
    private const int DeepestRemoval = 200;

    /// <summary>The entries of an open directory (from its start), without "." and "..".</summary>
    internal static List<DirectoryEntry> ReadDirectory(SafeFileHandle directory)
    {
        var entries = new List<DirectoryEntry>();
        lseek(directory, 0, 0);
        var buffer = stackalloc byte[32768];
        while (true)
        {
            var count = getdents64(directory, buffer, 32768);
            // One that was removed since it was opened has no entries, says the kernel with ENOENT.
            if (count < 0 && LinuxError.Last is not Errno.NoEntry and var errno)
                throw LinuxError.Create(errno, "list", "a directory");
            if (count <= 0)
                return entries;
            for (var offset = 0; offset < count;)
            {
                // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name.
                var record = new ReadOnlySpan<byte>(buffer + offset, (int)count - offset);
                var length = MemoryMarshal.Read<ushort>(record[16..]);
                var name = record[19..length];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    entries.Add(new DirectoryEntry(name.ToArray(), (uint)record[18] << 12));
                offset += length;
            }
        }
    }

    /// <summary>The entries of a directory by absolute path; none when there is no such directory.</summary>
    internal static List<DirectoryEntry> ReadDirectory(string path)
    {
        var errno = TryOpenAt(Absolute, path, OpenFlags.Directory, 0, out var handle);
        if (errno is Errno.NoEntry or Errno.NotDirectory)
            return [];
        LinuxError.Check(errno, "list", path);
        using (handle)
            return ReadDirectory(handle!);
    }

    /// <summary>Removes a file or a directory with everything in it; nothing there is fine. Never follows a link and never
    /// leaves the tree, whatever others do to it meanwhile. A mounted directory inside stops it (EBUSY).</summary>
    /// <remarks>A container can nest directories deeper than a stack or the limit of open files goes: what lies too deep is moved
    /// up to the top and removed from there.</remarks>
    internal static void RemoveTree(SafeFileHandle directory, CPath path) => RemoveTree(directory, path, top: null, depth: 0);

    /// <summary>Removes a file or a directory with everything in it, by absolute path.</summary>
    internal static void RemoveTree(string path) => RemoveTree(Absolute, path);

    // True where it was moved to the top instead.
    private static bool RemoveTree(SafeFileHandle directory, CPath path, SafeFileHandle? top, int depth)
    {
        var errno = TryRemove(directory, path);
        if (errno is Errno.None or Errno.NoEntry)
            return false;
        if (errno is not (Errno.IsDirectory or Errno.PermissionDenied))
            throw LinuxError.Create(errno, "remove", path.ToString());
        // What can't be moved (a mounted directory, one of another owner) is dealt with where it is.
        if (depth == DeepestRemoval && TryMoveUp(directory, path, top!))
            return true;
        errno = TryOpenAt(directory, path, OpenFlags.Directory | OpenFlags.NoFollow, 0, out var inner);
        if (errno == Errno.AccessDenied && TryChangeMode(directory, path, 0x1C0 /* 0700 */) == Errno.None)
            errno = TryOpenAt(directory, path, OpenFlags.Directory | OpenFlags.NoFollow, 0, out inner);
        if (errno == Errno.NoEntry)
            return false;
        LinuxError.Check(errno, "open", path.ToString());
        bool moved;
        using (inner)
        {
            do
                moved = RemoveContent(inner!, top ?? inner!, depth);
            while (moved && top is null);
        }
        errno = TryRemoveDirectory(directory, path);
        if (errno is not (Errno.None or Errno.NoEntry))
            throw LinuxError.Create(errno, "remove the directory", path.ToString());
        return moved;
    }

    private static bool RemoveContent(SafeFileHandle directory, SafeFileHandle top, int depth)
    {
        var moved = false;
        foreach (var entry in ReadDirectory(directory))
        {
            if (entry.Type != ModeBits.Directory && TryRemove(directory, entry.Name.AsSpan()) == Errno.None)
                continue;
            moved |= RemoveTree(directory, entry.Name.AsSpan(), top, depth + 1);
        }
        return moved;
    }

    private static bool TryMoveUp(SafeFileHandle directory, CPath path, SafeFileHandle top)
    {
        for (var i = 0; i < 100; i++)
        {
            var errno = TryRename(directory, path, top, $".deep-{Random.Shared.NextInt64():x}", noReplace: true);
            if (errno != Errno.Exists)
                return errno == Errno.None;
        }
        return false;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(SafeFileHandle directory, byte* buffer, nint count);
}

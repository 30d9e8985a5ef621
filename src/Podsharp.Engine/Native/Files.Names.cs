using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

// Making, linking, renaming and removing single names.
internal static unsafe partial class Files
{
    /// <summary>Makes a directory.</summary>
    internal static Errno TryMakeDirectory(SafeFileHandle directory, CPath path, uint mode)
    {
        fixed (byte* name = path.Terminated)
            return Outcome(mkdirat(directory, name, mode));
    }

    /// <summary>Makes a directory with exactly these permissions, unless it is there.</summary>
    /// <returns>Whether it was made.</returns>
    internal static bool MakeDirectory(string path, uint mode)
    {
        var errno = TryMakeDirectory(Absolute, path, mode);
        if (errno == Errno.Exists)
            return false;
        LinuxError.Check(errno, "create the directory", path);
        LinuxError.Check(TryChangeMode(Absolute, path, mode), "change the mode of", path);
        return true;
    }

    /// <summary>Makes a directory and its missing parents; the permissions are for those that are made.</summary>
    internal static void MakeDirectories(string path, uint mode, uint parentMode = 0x1ED /* 0755 */)
    {
        if (TryStatus(path) is { } status)
        {
            if (!status.IsDirectory)
                throw LinuxError.Create(Errno.NotDirectory, "create the directory", path);
            return;
        }
        var slash = path.TrimEnd('/').LastIndexOf('/');
        if (slash > 0)
            MakeDirectories(path[..slash], parentMode, parentMode);
        MakeDirectory(path, mode);
    }

    /// <summary>Makes a symbolic link.</summary>
    internal static Errno TryMakeSymlink(CPath target, SafeFileHandle directory, CPath path)
    {
        fixed (byte* to = target.Terminated)
        fixed (byte* name = path.Terminated)
            return Outcome(symlinkat(to, directory, name));
    }

    /// <summary>Makes a hard link; a symbolic link as the source is linked itself, not followed.</summary>
    internal static Errno TryMakeLink(SafeFileHandle sourceDirectory, CPath source, SafeFileHandle directory, CPath path)
    {
        fixed (byte* from = source.Terminated)
        fixed (byte* name = path.Terminated)
            return Outcome(linkat(sourceDirectory, from, directory, name, 0));
    }

    /// <summary>Makes a device, fifo, socket or (character device 0:0) an overlay whiteout.</summary>
    internal static Errno TryMakeNode(SafeFileHandle directory, CPath path, uint mode, uint major = 0, uint minor = 0)
    {
        var device = ((ulong)(major & 0xfffff000u) << 32) | ((ulong)(major & 0xfffu) << 8) | ((ulong)(minor & 0xffffff00u) << 12) | (minor & 0xffu);
        fixed (byte* name = path.Terminated)
            return Outcome(mknodat(directory, name, mode, device));
    }

    /// <summary>Renames; replaces what is at the target.</summary>
    internal static Errno TryRename(CPath from, CPath to)
    {
        // EXDEV between neighbours: a mount was put over their parent, or taken off it, between the two walks; then the next try fits.
        var errno = TryRename(Absolute, from, Absolute, to, noReplace: false);
        for (var i = 0; i < 3 && errno == Errno.CrossDevice; i++)
            errno = TryRename(Absolute, from, Absolute, to, noReplace: false);
        return errno;
    }

    /// <summary>Renames.</summary>
    internal static Errno TryRename(SafeFileHandle fromDirectory, CPath from, SafeFileHandle toDirectory, CPath to, bool noReplace)
    {
        fixed (byte* source = from.Terminated)
        fixed (byte* target = to.Terminated)
            return Outcome(renameat2(fromDirectory, source, toDirectory, target, noReplace ? 1u : 0u));
    }

    /// <summary>Puts a file in another's place in one step without having it written out first: ext4 does that when a rename replaces
    /// a file, which costs a millisecond, but not when two names are exchanged. For content that needn't survive a power failure.</summary>
    internal static Errno TryReplaceUnflushed(CPath from, CPath to)
    {
        int result;
        fixed (byte* source = from.Terminated)
        fixed (byte* target = to.Terminated)
            result = renameat2(Absolute, source, Absolute, target, 2 /* RENAME_EXCHANGE */);
        // Nothing there yet, or a file system that can't exchange.
        return result < 0 ? TryRename(from, to) : TryRemove(from);
    }

    /// <summary>Removes a name that is not a directory.</summary>
    internal static Errno TryRemove(CPath path) => TryRemove(Absolute, path);

    /// <summary>Removes a name that is not a directory.</summary>
    internal static Errno TryRemove(SafeFileHandle directory, CPath path)
    {
        fixed (byte* name = path.Terminated)
            return Outcome(unlinkat(directory, name, 0));
    }

    /// <summary>Removes an empty directory.</summary>
    internal static Errno TryRemoveDirectory(CPath path) => TryRemoveDirectory(Absolute, path);

    /// <summary>Removes an empty directory.</summary>
    internal static Errno TryRemoveDirectory(SafeFileHandle directory, CPath path)
    {
        fixed (byte* name = path.Terminated)
            return Outcome(unlinkat(directory, name, AtRemoveDir));
    }

    /// <summary>The target of a symbolic link, or null when it isn't one or isn't there.</summary>
    internal static byte[]? TryReadLink(SafeFileHandle directory, CPath path)
    {
        var buffer = stackalloc byte[4096];
        fixed (byte* name = path.Terminated)
        {
            var count = readlinkat(directory, name, buffer, 4096);
            return count < 0 ? null : new ReadOnlySpan<byte>(buffer, (int)count).ToArray();
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdirat(SafeFileHandle directory, byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int symlinkat(byte* target, SafeFileHandle directory, byte* path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int linkat(SafeFileHandle fromDirectory, byte* from, SafeFileHandle toDirectory, byte* to, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mknodat(SafeFileHandle directory, byte* path, uint mode, ulong device);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat2(SafeFileHandle fromDirectory, byte* from, SafeFileHandle toDirectory, byte* to, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlinkat(SafeFileHandle directory, byte* path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlinkat(SafeFileHandle directory, byte* path, byte* buffer, nint size);
}

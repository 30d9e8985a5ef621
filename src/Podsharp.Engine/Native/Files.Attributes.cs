using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

// Modes, owners, times and extended attributes.
internal static unsafe partial class Files
{
    /// <summary>Sets permissions of an open file.</summary>
    internal static void ChangeMode(SafeFileHandle file, uint mode) => Check(fchmod(file, mode), "change the mode of", "an open file");

    /// <summary>Sets permissions; follows a link, so only for names that were just made or checked.</summary>
    internal static Errno TryChangeMode(SafeFileHandle directory, CPath path, uint mode)
    {
        fixed (byte* name = path.Terminated)
            return Outcome(fchmodat(directory, name, mode, 0));
    }

    /// <summary>Sets the owner of an open file.</summary>
    internal static Errno TryChangeOwner(SafeFileHandle file, uint userId, uint groupId) => Outcome(fchown(file, userId, groupId));

    /// <summary>Sets the owner of a file or of a link itself.</summary>
    internal static Errno TryChangeOwner(SafeFileHandle directory, CPath path, uint userId, uint groupId)
    {
        var flags = AtSymlinkNoFollow | (path.Terminated.Length == 1 ? AtEmptyPath : 0);
        fixed (byte* name = path.Terminated)
            return Outcome(fchownat(directory, name, userId, groupId, flags));
    }

    /// <summary>Sets the times of an open file.</summary>
    internal static Errno TryChangeTimes(SafeFileHandle file, FileTime accessed, FileTime modified)
    {
        var times = stackalloc FileTime[2] { accessed, modified };
        return Outcome(futimens(file, times));
    }

    /// <summary>Sets the times of a file or of a link itself.</summary>
    internal static Errno TryChangeTimes(SafeFileHandle directory, CPath path, FileTime accessed, FileTime modified)
    {
        var times = stackalloc FileTime[2] { accessed, modified };
        fixed (byte* name = path.Terminated)
            return Outcome(utimensat(directory, name, times, AtSymlinkNoFollow));
    }

    /// <summary>Sets an extended attribute of an open file.</summary>
    internal static Errno TrySetAttribute(SafeFileHandle file, string name, ReadOnlySpan<byte> value)
    {
        CPath attribute = name;
        fixed (byte* key = attribute.Terminated)
        fixed (byte* data = value)
            return Outcome(fsetxattr(file, key, data, value.Length, 0));
    }

    /// <summary>Sets an extended attribute of a name in a directory, of a link itself if it is one.</summary>
    internal static Errno TrySetAttribute(SafeFileHandle directory, CPath path, string name, ReadOnlySpan<byte> value)
    {
        CPath attribute = name;
        CPath full = DescriptorPath(directory, path);
        fixed (byte* file = full.Terminated)
        fixed (byte* key = attribute.Terminated)
        fixed (byte* data = value)
            return Outcome(lsetxattr(file, key, data, value.Length, 0));
    }

    /// <summary>An extended attribute of a name in a directory (of a link itself), or null when it isn't set.</summary>
    internal static byte[]? TryGetAttribute(SafeFileHandle directory, CPath path, string name)
    {
        CPath attribute = name;
        CPath full = DescriptorPath(directory, path);
        var buffer = stackalloc byte[4096];
        fixed (byte* file = full.Terminated)
        fixed (byte* key = attribute.Terminated)
        {
            var count = lgetxattr(file, key, buffer, 4096);
            if (count >= 0)
                return new ReadOnlySpan<byte>(buffer, (int)count).ToArray();
            if (LinuxError.Last != Errno.OutOfRange)
                return null;
            var large = new byte[65536];
            fixed (byte* data = large)
                count = lgetxattr(file, key, data, large.Length);
            return count < 0 ? null : large[..(int)count];
        }
    }

    /// <summary>The names of the extended attributes of a name in a directory (of a link itself).</summary>
    internal static IReadOnlyList<string> ListAttributes(SafeFileHandle directory, CPath path)
    {
        CPath full = DescriptorPath(directory, path);
        var buffer = stackalloc byte[1024];
        fixed (byte* file = full.Terminated)
        {
            var count = llistxattr(file, buffer, 1024);
            if (count >= 0 || LinuxError.Last != Errno.OutOfRange)
                return Names(new ReadOnlySpan<byte>(buffer, (int)Math.Max(count, 0)));
            var large = new byte[65536];
            fixed (byte* data = large)
                count = llistxattr(file, data, large.Length);
            return Names(large.AsSpan(0, (int)Math.Max(count, 0)));
        }
    }

    /// <summary>The names of the extended attributes of an open file.</summary>
    internal static IReadOnlyList<string> ListAttributes(SafeFileHandle file)
    {
        var buffer = stackalloc byte[1024];
        var count = flistxattr(file, buffer, 1024);
        if (count >= 0 || LinuxError.Last != Errno.OutOfRange)
            return Names(new ReadOnlySpan<byte>(buffer, (int)Math.Max(count, 0)));
        var large = new byte[65536];
        fixed (byte* data = large)
            count = flistxattr(file, data, large.Length);
        return Names(large.AsSpan(0, (int)Math.Max(count, 0)));
    }

    /// <summary>An extended attribute of an open file, or null when it isn't set.</summary>
    internal static byte[]? TryGetAttribute(SafeFileHandle file, string name)
    {
        CPath attribute = name;
        var buffer = new byte[4096];
        while (true)
        {
            nint count;
            fixed (byte* key = attribute.Terminated)
            fixed (byte* data = buffer)
                count = fgetxattr(file, key, data, buffer.Length);
            if (count >= 0)
                return buffer[..(int)count];
            if (LinuxError.Last != Errno.OutOfRange || buffer.Length > 4096)
                return null;
            buffer = new byte[65536];
        }
    }

    private static IReadOnlyList<string> Names(ReadOnlySpan<byte> list) =>
        list.IsEmpty ? [] : Encoding.UTF8.GetString(list).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    // There is no *xattrat before Linux 6.13; /proc/self/fd reaches the directory without walking a path by name.
    private static ReadOnlySpan<byte> DescriptorPath(SafeFileHandle directory, CPath path)
    {
        var name = path.Terminated[..^1];
        if (ReferenceEquals(directory, Absolute))
            return name;
        var prefix = Encoding.ASCII.GetBytes($"/proc/self/fd/{(int)directory.DangerousGetHandle()}/");
        var full = new byte[prefix.Length + name.Length];
        prefix.CopyTo(full, 0);
        name.CopyTo(full.AsSpan(prefix.Length));
        return full;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(SafeFileHandle file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmodat(SafeFileHandle directory, byte* path, uint mode, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchown(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchownat(SafeFileHandle directory, byte* path, uint user, uint group, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int futimens(SafeFileHandle file, FileTime* times);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int utimensat(SafeFileHandle directory, byte* path, FileTime* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsetxattr(SafeFileHandle file, byte* name, byte* value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int lsetxattr(byte* path, byte* name, byte* value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint lgetxattr(byte* path, byte* name, byte* value, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint fgetxattr(SafeFileHandle file, byte* name, byte* value, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint flistxattr(SafeFileHandle file, byte* list, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint llistxattr(byte* path, byte* list, nint size);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>The file system calls .NET has no faithful equivalent for: relative to directory handles, on names that are bytes,
/// with owners, modes, nanosecond times, links, device nodes and extended attributes.</summary>
/// <remarks>
/// Methods named Try return the error number; the others throw <see cref="LinuxException"/>. A mode given on creation is
/// cut by the process's umask, which is not ours to know or change: set it again with <see cref="ChangeMode(SafeFileHandle, uint)"/>.
/// </remarks>
internal static unsafe partial class Files
{
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const int AtRemoveDir = 0x200;
    private const int AtEmptyPath = 0x1000;
    private const long SysOpenat2 = 437; // the same number on every architecture

    /// <summary>Stands for "no directory": the path given beside it is absolute.</summary>
    internal static SafeFileHandle Absolute { get; } = new(AtFdCwd, ownsHandle: false);

    // ---- opening ----

    /// <summary>Opens an absolute path.</summary>
    internal static SafeFileHandle Open(CPath path, OpenFlags flags, uint mode = 0) => OpenAt(Absolute, path, flags, mode);

    /// <summary>Opens a path relative to a directory.</summary>
    internal static SafeFileHandle OpenAt(SafeFileHandle directory, CPath path, OpenFlags flags, uint mode = 0)
    {
        LinuxError.Check(TryOpenAt(directory, path, flags, mode, out var handle), "open", path.ToString());
        return handle!;
    }

    /// <summary>Opens a path relative to a directory.</summary>
    internal static Errno TryOpenAt(SafeFileHandle directory, CPath path, OpenFlags flags, uint mode, out SafeFileHandle? handle)
    {
        int fd;
        Errno errno;
        fixed (byte* name = path.Terminated)
        {
            do
            {
                fd = openat(directory, name, ToNative(flags), mode);
                errno = fd < 0 ? LinuxError.Last : Errno.None;
            }
            while (errno == Errno.Interrupted);
        }
        handle = fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        return errno;
    }

    /// <summary>Opens a path that came from outside (an image, an archive, a caller), confined to a directory.</summary>
    internal static SafeFileHandle OpenConfined(SafeFileHandle root, CPath path, OpenFlags flags, ResolveFlags resolve, uint mode = 0)
    {
        LinuxError.Check(TryOpenConfined(root, path, flags, resolve, mode, out var handle), "open", path.ToString());
        return handle!;
    }

    /// <summary>Opens a path that came from outside, confined to a directory.</summary>
    internal static Errno TryOpenConfined(SafeFileHandle root, CPath path, OpenFlags flags, ResolveFlags resolve, uint mode,
        out SafeFileHandle? handle)
    {
        var how = new OpenHow { Flags = (ulong)ToNative(flags), Mode = mode, Resolve = (ulong)resolve };
        long fd;
        Errno errno;
        fixed (byte* name = path.Terminated)
        {
            // EAGAIN: a rename elsewhere made the kernel unsure that ".." stayed inside; it asks to be called again.
            do
            {
                fd = openat2(SysOpenat2, root, name, &how, sizeof(OpenHow));
                errno = fd < 0 ? LinuxError.Last : Errno.None;
            }
            while (errno is Errno.Interrupted or Errno.TryAgain);
        }
        handle = fd < 0 ? null : new SafeFileHandle((nint)fd, ownsHandle: true);
        return errno;
    }

    // ---- reading and writing ----

    /// <summary>Writes all bytes at the file's position.</summary>
    internal static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, string? path = null)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = write(file, start + done, bytes.Length - done);
                if (count >= 0)
                    done += (int)count;
                else if (LinuxError.Last is var errno and not Errno.Interrupted)
                    throw LinuxError.Create(errno, "write", path);
            }
        }
    }

    /// <summary>Reads up to a buffer's length at the file's position; 0 at the end.</summary>
    internal static int Read(SafeFileHandle file, Span<byte> buffer, string? path = null)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = read(file, start, buffer.Length);
                if (count >= 0)
                    return (int)count;
                if (LinuxError.Last is var errno and not Errno.Interrupted)
                    throw LinuxError.Create(errno, "read", path);
            }
        }
    }

    /// <summary>Reads at an offset, without moving the file's position.</summary>
    internal static int ReadAt(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = pread(file, start, buffer.Length, offset);
                if (count >= 0)
                    return (int)count;
                if (LinuxError.Last is var errno and not Errno.Interrupted)
                    throw LinuxError.Create(errno, "read", null);
            }
        }
    }

    /// <summary>Writes at an offset, without moving the file's position.</summary>
    internal static void WriteAt(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = pwrite(file, start + done, bytes.Length - done, offset + done);
                if (count >= 0)
                    done += (int)count;
                else if (LinuxError.Last is var errno and not Errno.Interrupted)
                    throw LinuxError.Create(errno, "write", null);
            }
        }
    }

    /// <summary>A whole file, or null when there is none.</summary>
    internal static byte[]? TryReadAll(CPath path) => TryReadAll(Absolute, path);

    /// <summary>A whole file, or null when there is none.</summary>
    internal static byte[]? TryReadAll(SafeFileHandle directory, CPath path)
    {
        var errno = TryOpenAt(directory, path, OpenFlags.ReadOnly, 0, out var handle);
        if (errno is Errno.NoEntry or Errno.NotDirectory)
            return null;
        LinuxError.Check(errno, "open", path.ToString());
        using (handle)
            return ReadToEnd(handle!, path.ToString());
    }

    /// <summary>The rest of an open file. Works for files in /proc and /sys too, whose size says nothing.</summary>
    internal static byte[] ReadToEnd(SafeFileHandle file, string? path = null)
    {
        var buffer = new byte[(int)Math.Clamp(Status(file).Size + 1, 512, int.MaxValue / 2)];
        var length = 0;
        while (true)
        {
            var count = Read(file, buffer.AsSpan(length), path);
            if (count == 0)
                break;
            length += count;
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
        Array.Resize(ref buffer, length);
        return buffer;
    }

    /// <summary>Makes the content durable (fdatasync).</summary>
    internal static void SyncData(SafeFileHandle file, string? path = null) => Check(fdatasync(file), "synchronise", path);

    /// <summary>Makes the whole file system of an open file durable (syncfs).</summary>
    internal static void SyncFileSystem(SafeFileHandle file) => Check(syncfs(file), "synchronise the file system", null);

    /// <summary>Lets the kernel begin to write an open file's content to the disk, so that a later <see cref="SyncData"/> of this and
    /// other files waits for one round of the disk instead of one for each.</summary>
    internal static void StartWriteback(SafeFileHandle file) => sync_file_range(file, 0, 0, 2 /* SYNC_FILE_RANGE_WRITE */);

    /// <summary>Replaces a file in one step: a reader, or a crash, sees the old content or the new one, never a part.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="content">The new content.</param>
    /// <param name="mode">The file's permissions.</param>
    /// <param name="durable">Whether the content must survive a power failure (fdatasync before the rename).</param>
    internal static void Replace(string path, ReadOnlySpan<byte> content, uint mode, bool durable)
    {
        var temporary = WriteBeside(path, content, mode, out var file);
        using (file)
        {
            try
            {
                if (durable)
                    SyncData(file, path);
                LinuxError.Check(TryRename(temporary, path), "replace", path);
            }
            catch (LinuxException)
            {
                TryRemove(temporary);
                throw;
            }
        }
    }

    /// <summary>Writes what is to replace a file under another name beside it.</summary>
    /// <returns>That name.</returns>
    internal static string WriteBeside(string path, ReadOnlySpan<byte> content, uint mode, out SafeFileHandle file)
    {
        var slash = path.LastIndexOf('/');
        while (true)
        {
            var temporary = $"{path.AsSpan(0, slash + 1)}.tmp-{path.AsSpan(slash + 1)}{(uint)Random.Shared.Next()}";
            var errno = TryOpenAt(Absolute, temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, mode, out var handle);
            if (errno == Errno.Exists)
                continue;
            LinuxError.Check(errno, "create", temporary);
            file = handle!;
            try
            {
                ChangeMode(file, mode);
                Write(file, content, path);
                return temporary;
            }
            catch (LinuxException)
            {
                file.Dispose();
                TryRemove(temporary);
                throw;
            }
        }
    }

    // ---- status ----

    /// <summary>The status of an open file (O_PATH handles too).</summary>
    internal static FileStatus Status(SafeFileHandle file)
    {
        LinuxError.Check(TryStatus(file, ReadOnlySpan<byte>.Empty, followLink: false, out var status), "read the status of", "an open file");
        return status;
    }

    /// <summary>The status of a path, or null when there is nothing.</summary>
    internal static FileStatus? TryStatus(CPath path, bool followLink = true)
    {
        var errno = TryStatus(Absolute, path, followLink, out var status);
        if (errno is Errno.NoEntry or Errno.NotDirectory)
            return null;
        LinuxError.Check(errno, "read the status of", path.ToString());
        return status;
    }

    /// <summary>The status of a path relative to a directory.</summary>
    internal static Errno TryStatus(SafeFileHandle directory, CPath path, bool followLink, out FileStatus status)
    {
        var raw = stackalloc byte[256];
        var flags = (path.Terminated.Length == 1 ? AtEmptyPath : 0) | (followLink ? 0 : AtSymlinkNoFollow);
        Errno errno;
        fixed (byte* name = path.Terminated)
            errno = statx(directory, name, flags, 0x7ff, raw) < 0 ? LinuxError.Last : Errno.None;
        status = errno == Errno.None ? ParseStatus(new ReadOnlySpan<byte>(raw, 256)) : default;
        return errno;
    }

    // Offsets of struct statx (linux/stat.h); it is the same on all architectures.
    private static FileStatus ParseStatus(ReadOnlySpan<byte> raw)
    {
        var mountRootBit = 0x2000ul;
        bool? mountRoot = (Read64(raw, 56) & mountRootBit) == 0 ? null : (Read64(raw, 8) & mountRootBit) != 0;
        return new FileStatus(MemoryMarshal.Read<ushort>(raw[28..]), Read32(raw, 20), Read32(raw, 24), (long)Read64(raw, 40),
            (long)Read64(raw, 48), Read64(raw, 32), Read32(raw, 16), Read32(raw, 136), Read32(raw, 140), Read32(raw, 128), Read32(raw, 132),
            ReadTime(raw, 112), ReadTime(raw, 96), ReadTime(raw, 64), mountRoot);
    }

    private static uint Read32(ReadOnlySpan<byte> raw, int offset) => MemoryMarshal.Read<uint>(raw[offset..]);

    private static ulong Read64(ReadOnlySpan<byte> raw, int offset) => MemoryMarshal.Read<ulong>(raw[offset..]);

    private static FileTime ReadTime(ReadOnlySpan<byte> raw, int offset) => new((long)Read64(raw, offset), Read32(raw, offset + 8));

    /// <summary>The status of the file system that holds a path.</summary>
    internal static FileSystemStatus FileSystem(CPath path)
    {
        var raw = stackalloc long[32];
        int result;
        fixed (byte* name = path.Terminated)
            result = statfs(name, raw);
        Check(result, "read the file system status of", path.ToString());
        var unit = raw[9] != 0 ? raw[9] : raw[1];
        return new FileSystemStatus(raw[0], raw[2] * unit, raw[4] * unit);
    }

    // ---- attributes ----

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

    // ---- making and removing names ----

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

    /// <summary>Removes a file or a directory with everything in it; nothing there is fine. Never follows a link and never
    /// leaves the tree, whatever others do to it meanwhile. A mounted directory inside stops it (EBUSY).</summary>
    internal static void RemoveTree(SafeFileHandle directory, CPath path)
    {
        var errno = TryRemove(directory, path);
        if (errno is Errno.None or Errno.NoEntry)
            return;
        if (errno is not (Errno.IsDirectory or Errno.PermissionDenied))
            throw LinuxError.Create(errno, "remove", path.ToString());
        errno = TryOpenAt(directory, path, OpenFlags.Directory | OpenFlags.NoFollow, 0, out var inner);
        if (errno == Errno.AccessDenied && TryChangeMode(directory, path, 0x1C0 /* 0700 */) == Errno.None)
            errno = TryOpenAt(directory, path, OpenFlags.Directory | OpenFlags.NoFollow, 0, out inner);
        if (errno == Errno.NoEntry)
            return;
        LinuxError.Check(errno, "open", path.ToString());
        using (inner)
            RemoveContent(inner!);
        errno = TryRemoveDirectory(directory, path);
        if (errno is not (Errno.None or Errno.NoEntry))
            throw LinuxError.Create(errno, "remove the directory", path.ToString());
    }

    /// <summary>Removes a file or a directory with everything in it, by absolute path.</summary>
    internal static void RemoveTree(string path) => RemoveTree(Absolute, path);

    private static void RemoveContent(SafeFileHandle directory)
    {
        foreach (var entry in ReadDirectory(directory))
        {
            if (entry.Type != ModeBits.Directory && TryRemove(directory, entry.Name.AsSpan()) == Errno.None)
                continue;
            RemoveTree(directory, entry.Name.AsSpan());
        }
    }

    // ---- directories and links ----

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

    // ---- extended attributes ----

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
        var buffer = new byte[65536];
        nint count;
        fixed (byte* file = full.Terminated)
        fixed (byte* data = buffer)
            count = llistxattr(file, data, buffer.Length);
        return count <= 0 ? [] : Encoding.UTF8.GetString(buffer, 0, (int)count).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

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

    // ---- plumbing ----

    // Two flags have other values on ARM.
    private static int ToNative(OpenFlags flags)
    {
        var native = (int)flags | 0x8_0000 /* O_CLOEXEC */;
        if (RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86)
            return native;
        native &= ~(int)(OpenFlags.Directory | OpenFlags.NoFollow);
        return native | ((flags & OpenFlags.Directory) != 0 ? 0x4000 : 0) | ((flags & OpenFlags.NoFollow) != 0 ? 0x8000 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Errno Outcome(int result) => result < 0 ? LinuxError.Last : Errno.None;

    private static void Check(int result, string action, string? path)
    {
        if (result < 0)
            throw LinuxError.Create(LinuxError.Last, action, path);
    }

    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int openat(SafeFileHandle directory, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long openat2(long number, SafeFileHandle directory, byte* path, OpenHow* how, long size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(SafeFileHandle file, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeFileHandle file, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(SafeFileHandle file, byte* buffer, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pwrite(SafeFileHandle file, byte* buffer, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long count, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(SafeFileHandle directory, byte* path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statfs(byte* path, long* buffer);

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
    private static partial nint getdents64(SafeFileHandle directory, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlinkat(SafeFileHandle directory, byte* path, byte* buffer, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsetxattr(SafeFileHandle file, byte* name, byte* value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int lsetxattr(byte* path, byte* name, byte* value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint lgetxattr(byte* path, byte* name, byte* value, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint llistxattr(byte* path, byte* list, nint size);
}

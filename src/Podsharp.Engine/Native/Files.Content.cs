using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

// Reading, writing, replacing, making durable.
internal static unsafe partial class Files
{
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

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(SafeFileHandle file, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeFileHandle file, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(SafeFileHandle file, byte* buffer, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pwrite(SafeFileHandle file, byte* buffer, nint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long count, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(SafeFileHandle file);
}

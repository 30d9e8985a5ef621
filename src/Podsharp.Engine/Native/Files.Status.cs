using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

// What a file and a file system are.
internal static unsafe partial class Files
{
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
        return new FileSystemStatus(raw[0], raw[2] * unit, raw[4] * unit, raw[10]);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(SafeFileHandle directory, byte* path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statfs(byte* path, long* buffer);
}

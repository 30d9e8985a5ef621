using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>Flags of open(2). Close-on-exec is always added: no descriptor of ours may reach a container.</summary>
[Flags]
internal enum OpenFlags
{
    ReadOnly = 0,
    WriteOnly = 1,
    ReadWrite = 2,
    Create = 0x40,
    Exclusive = 0x80,
    NoControllingTerminal = 0x100,
    Truncate = 0x200,
    Append = 0x400,
    NonBlocking = 0x800,
    Directory = 0x1_0000,
    NoFollow = 0x2_0000,
    /// <summary>A handle that names the file without opening it (O_PATH).</summary>
    Path = 0x20_0000,
}

/// <summary>How openat2(2) may walk a path.</summary>
[Flags]
internal enum ResolveFlags : ulong
{
    None = 0,
    NoCrossDevice = 1,
    NoMagicLinks = 2,
    NoSymlinks = 4,
    Beneath = 8,
    /// <summary>The directory is the root: absolute symlinks and ".." stay inside.</summary>
    InRoot = 16,
}

/// <summary>Bits of st_mode.</summary>
internal static class ModeBits
{
    internal const uint TypeMask = 0xF000;
    internal const uint Socket = 0xC000;
    internal const uint Symlink = 0xA000;
    internal const uint Regular = 0x8000;
    internal const uint BlockDevice = 0x6000;
    internal const uint Directory = 0x4000;
    internal const uint CharacterDevice = 0x2000;
    internal const uint Fifo = 0x1000;
    internal const uint SetUserId = 0x800;
    internal const uint SetGroupId = 0x400;
    internal const uint PermissionMask = 0xFFF;
}

/// <summary>A file time as the kernel keeps it.</summary>
/// <param name="Seconds">Seconds since 1970 (negative before).</param>
/// <param name="Nanoseconds">0 to 999,999,999, always counted forward.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FileTime(long Seconds, long Nanoseconds)
{
    /// <summary>The value for utimensat(2) that leaves a time alone.</summary>
    internal static FileTime Omit => new(0, (1L << 30) - 2);

    /// <summary>As a .NET time (100 ns resolution).</summary>
    internal DateTimeOffset ToDateTimeOffset() =>
        DateTimeOffset.UnixEpoch.AddTicks((Seconds * TimeSpan.TicksPerSecond) + (Nanoseconds / 100));
}

/// <summary>What statx(2) says of a file: mode is st_mode (type and permissions), size is in bytes, blocks are of 512 bytes,
/// the special numbers are a device node's own; whether it is the root of a mount is null where the kernel doesn't say.</summary>
internal readonly record struct FileStatus(uint Mode, uint UserId, uint GroupId, long Size, long Blocks, ulong Inode, uint LinkCount,
    uint DeviceMajor, uint DeviceMinor, uint SpecialMajor, uint SpecialMinor, FileTime Modified, FileTime Changed, FileTime Accessed,
    bool? MountRoot)
{
    /// <summary>The file type bits.</summary>
    internal uint Type => Mode & ModeBits.TypeMask;

    /// <summary>Whether it is a directory.</summary>
    internal bool IsDirectory => Type == ModeBits.Directory;

    /// <summary>Whether it is a regular file.</summary>
    internal bool IsRegular => Type == ModeBits.Regular;

    /// <summary>Whether it is a symbolic link.</summary>
    internal bool IsSymlink => Type == ModeBits.Symlink;

    /// <summary>Whether both name the same file.</summary>
    internal bool IsSameFile(in FileStatus other) =>
        Inode == other.Inode && DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;
}

/// <summary>One directory entry.</summary>
/// <param name="Name">The name's bytes; not always UTF-8.</param>
/// <param name="Type">The file type bits (<see cref="ModeBits"/>), or 0 where the file system doesn't say.</param>
internal sealed record DirectoryEntry(byte[] Name, uint Type);

/// <summary>What statfs(2) says of a file system.</summary>
/// <param name="Type">Its magic number (linux/magic.h).</param>
/// <param name="TotalBytes">Its size.</param>
/// <param name="AvailableBytes">What an unprivileged user may still write.</param>
/// <param name="Flags">The mount's flags (ST_* of statvfs.h): 2 nosuid, 4 nodev, 8 noexec.</param>
internal readonly record struct FileSystemStatus(long Type, long TotalBytes, long AvailableBytes, long Flags);

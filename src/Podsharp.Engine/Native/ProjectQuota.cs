using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Project quotas (quotactl_fd(2), Linux 5.14; ioctl_fsgetxattr(2)): limits for what is below a directory, where the file system counts by project
/// (xfs and ext4, mounted with <c>prjquota</c>).</summary>
internal static unsafe partial class ProjectQuota
{
    private const long SysQuotactlFd = 443;
    private const uint GetQuota = (0x5803 << 8) | 2; // Q_XGETQUOTA of PRJQUOTA
    private const uint SetLimits = (0x5804 << 8) | 2; // Q_XSETQLIM
    private const nuint GetAttributes = 0x801c581f; // FS_IOC_FSGETXATTR
    private const nuint SetAttributes = 0x401c5820; // FS_IOC_FSSETXATTR
    private const uint InheritProject = 0x200; // FS_XFLAG_PROJINHERIT
    private const sbyte ProjectKind = 2; // FS_PROJ_QUOTA
    private const ushort HardLimits = 0xF; // soft and hard ones, of inodes and blocks
    private const int BlockSize = 512;

    /// <summary>Whether what is below a directory can be limited.</summary>
    internal static bool IsOn(SafeFileHandle directory)
    {
        var quota = new Quota { Version = 1 };
        return quotactl_fd(SysQuotactlFd, directory, GetQuota, 0, &quota) == 0;
    }

    /// <summary>Whether no file belongs to a project.</summary>
    internal static bool IsEmpty(SafeFileHandle directory, uint project)
    {
        var quota = new Quota { Version = 1 };
        if (quotactl_fd(SysQuotactlFd, directory, GetQuota, project, &quota) != 0)
            return LinuxError.Last == Errno.NoEntry;
        return quota is { BlockCount: 0, InodeCount: 0 };
    }

    /// <summary>The project of a directory; 0 is none.</summary>
    internal static uint ProjectOf(SafeFileHandle directory)
    {
        Attributes attributes;
        return ioctl(directory, GetAttributes, &attributes) == 0 ? attributes.Project : 0;
    }

    /// <summary>Gives an empty directory, and all that comes to be in it, to a project with limits.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="project">The project.</param>
    /// <param name="bytes">How much it may hold; 0 is no limit. The kernel counts in blocks of 512 bytes.</param>
    /// <param name="inodes">How many files; 0 is no limit.</param>
    internal static Errno TryLimit(SafeFileHandle directory, uint project, ulong bytes, ulong inodes)
    {
        var blocks = (bytes + BlockSize - 1) / BlockSize;
        var quota = new Quota
        {
            Version = 1,
            Kind = ProjectKind,
            Mask = HardLimits,
            Project = project,
            BlockHardLimit = blocks,
            BlockSoftLimit = blocks,
            InodeHardLimit = inodes,
            InodeSoftLimit = inodes,
        };
        if (quotactl_fd(SysQuotactlFd, directory, SetLimits, project, &quota) != 0)
            return LinuxError.Last;
        Attributes attributes;
        if (ioctl(directory, GetAttributes, &attributes) != 0)
            return LinuxError.Last;
        attributes.Project = project;
        attributes.Flags |= InheritProject;
        return ioctl(directory, SetAttributes, &attributes) == 0 ? Errno.None : LinuxError.Last;
    }

    // struct fsxattr.
    [StructLayout(LayoutKind.Sequential, Size = 28)]
    private struct Attributes
    {
        public uint Flags;
        public uint ExtentSize;
        public uint Extents;
        public uint Project;
    }

    // struct fs_disk_quota.
    [StructLayout(LayoutKind.Sequential, Size = 112)]
    private struct Quota
    {
        public sbyte Version;
        public sbyte Kind;
        public ushort Mask;
        public uint Project;
        public ulong BlockHardLimit;
        public ulong BlockSoftLimit;
        public ulong InodeHardLimit;
        public ulong InodeSoftLimit;
        public ulong BlockCount;
        public ulong InodeCount;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long quotactl_fd(long number, SafeFileHandle file, uint command, uint id, Quota* quota);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, nuint request, Attributes* attributes);
}

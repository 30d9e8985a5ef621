using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private const int MaximumTries = 10_000; // some hundredths of a second

    /// <summary>Stands for "no directory": the path given beside it is absolute.</summary>
    internal static SafeFileHandle Absolute { get; } = new(AtFdCwd, ownsHandle: false);

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
            // EAGAIN: a rename elsewhere made the kernel unsure that ".." stayed inside; it asks to be called again. In a mount that no
            // namespace has any more it says so each time: letting go of such a mount counts as a change of all.
            var tries = 0;
            do
            {
                fd = openat2(SysOpenat2, root, name, &how, sizeof(OpenHow));
                errno = fd < 0 ? LinuxError.Last : Errno.None;
            }
            while (errno is Errno.Interrupted || (errno is Errno.TryAgain && ++tries < MaximumTries));
        }
        handle = fd < 0 ? null : new SafeFileHandle((nint)fd, ownsHandle: true);
        return errno;
    }

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
}

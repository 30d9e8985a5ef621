using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Flags of mount(2).</summary>
[Flags]
internal enum MountFlags : ulong
{
    None = 0,
    ReadOnly = 1,
    NoSetUserId = 2,
    NoDevices = 4,
    NoExecute = 8,
    Remount = 32,
    NoAccessTime = 1024,
    Bind = 4096,
    Move = 8192,
    Recursive = 16384,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
    RelativeAccessTime = 1 << 21,
}

/// <summary>One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">The mount's id.</param>
/// <param name="ParentId">The mount it is on.</param>
/// <param name="Root">The directory of the file system that is mounted.</param>
/// <param name="MountPoint">Where, relative to the process's root.</param>
/// <param name="Options">Options of this mount.</param>
/// <param name="Shared">Whether events propagate from here (a shared: tag).</param>
/// <param name="Type">The file system.</param>
/// <param name="Source">The file system's own word for what is mounted.</param>
/// <param name="SuperOptions">Options of the file system.</param>
internal sealed record MountInfo(int Id, int ParentId, string Root, string MountPoint, string Options, bool Shared, string Type,
    string Source, string SuperOptions);

/// <summary>Mounting and unmounting, and what is mounted.</summary>
internal static unsafe partial class Mounts
{
    // The same numbers on every architecture.
    private const long SysOpenTree = 428;
    private const long SysMoveMount = 429;
    private const long SysFsopen = 430;
    private const long SysFsconfig = 431;
    private const long SysFsmount = 432;
    private const long SysMountSetattr = 442;
    private const uint CloseOnExec = 1;
    private const int DetachLazily = 2; // MNT_DETACH
    private const int NoFollow = 8; // UMOUNT_NOFOLLOW

    /// <summary>The longest option text mount(2) takes: a page.</summary>
    internal const int MaximumOptions = 4095;

    /// <summary>Mounts (mount(2)).</summary>
    internal static Errno TryMount(string? source, CPath target, string? type, MountFlags flags, string? options)
    {
        CPath sourcePath = source ?? "none", typePath = type ?? "none", data = options ?? "";
        fixed (byte* from = sourcePath.Terminated)
        fixed (byte* to = target.Terminated)
        fixed (byte* name = typePath.Terminated)
        fixed (byte* text = data.Terminated)
            return mount(from, to, type is null ? null : name, (ulong)flags, options is null ? null : text) < 0 ? LinuxError.Last : Errno.None;
    }

    /// <summary>Mounts with options whose relative paths start at a directory: on a thread that stands there, since the process's own
    /// working directory isn't ours to change.</summary>
    internal static Errno TryMountFrom(string directory, string source, string target, string type, MountFlags flags, string options) =>
        DedicatedThread.Run(Namespaces.CloneFileSystem, () =>
        {
            CPath path = directory;
            int result;
            fixed (byte* name = path.Terminated)
                result = chdir(name);
            return result < 0 ? LinuxError.Last : TryMount(source, target, type, flags, options);
        });

    /// <summary>Mounts (mount(2)).</summary>
    internal static void Mount(string? source, string target, string? type, MountFlags flags, string? options) =>
        LinuxError.Check(TryMount(source, target, type, flags, options), $"mount {type ?? source} on", target);

    /// <summary>Unmounts what is on a path itself, not behind a link at its end.</summary>
    /// <param name="target">The mount point.</param>
    /// <param name="lazily">Take it out of the tree now, even if it is in use (MNT_DETACH).</param>
    internal static Errno TryUnmount(CPath target, bool lazily)
    {
        fixed (byte* path = target.Terminated)
            return umount2(path, NoFollow | (lazily ? DetachLazily : 0)) < 0 ? LinuxError.Last : Errno.None;
    }

    /// <summary>Mounts an overlay whose options don't fit in a page: each lower directory is handed over by itself ("lowerdir+",
    /// Linux 6.8).</summary>
    /// <param name="lowerDirectories">The nearest first.</param>
    /// <param name="options">The other options; a null value is a flag.</param>
    /// <param name="target">Where to mount.</param>
    /// <param name="attributes">MOUNT_ATTR_* of the mount.</param>
    internal static Errno TryMountOverlayByParts(IReadOnlyList<string> lowerDirectories,
        IEnumerable<KeyValuePair<string, string?>> options, string target, uint attributes = 0)
    {
        var opened = TryOpenFileSystem("overlay", out var handle);
        if (opened != Errno.None)
            return opened;
        using var context = handle!;
        foreach (var lower in lowerDirectories)
        {
            var errno = Configure(context, "lowerdir+", lower);
            if (errno != Errno.None)
                return errno;
        }
        foreach (var (key, value) in options)
        {
            var errno = Configure(context, key, value);
            if (errno != Errno.None)
                return errno;
        }
        var created = TryCreateMount(context, attributes, out var mounted);
        using (mounted)
            return created == Errno.None ? TryMoveMount(mounted!, target) : created;
    }

    /// <summary>Mounts a file system without options nowhere: it can be reached by the handle alone, and ends with it (Linux 5.2).</summary>
    internal static Errno TryMountNowhere(string type, out SafeFileHandle? root)
    {
        root = null;
        var errno = TryOpenFileSystem(type, out var context);
        using (context)
            return errno == Errno.None ? TryCreateMount(context!, 0, out root) : errno;
    }

    private static Errno TryOpenFileSystem(CPath type, out SafeFileHandle? context)
    {
        context = null;
        long fd;
        fixed (byte* name = type.Terminated)
            fd = fsopen(SysFsopen, name, CloseOnExec);
        if (fd < 0)
            return LinuxError.Last;
        context = new SafeFileHandle((nint)fd, ownsHandle: true);
        return Errno.None;
    }

    private static Errno TryCreateMount(SafeFileHandle context, uint attributes, out SafeFileHandle? mounted)
    {
        mounted = null;
        if (fsconfig(SysFsconfig, context, 6 /* FSCONFIG_CMD_CREATE */, null, null, 0) < 0)
            return LinuxError.Last;
        var fd = fsmount(SysFsmount, context, CloseOnExec, attributes);
        if (fd < 0)
            return LinuxError.Last;
        mounted = new SafeFileHandle((nint)fd, ownsHandle: true);
        return Errno.None;
    }

    /// <summary>Mounts a directory once more, with the owners of its files shifted by a user namespace's maps (Linux 5.12).</summary>
    /// <param name="source">The directory.</param>
    /// <param name="userNamespace">Whose maps: what belongs to an id inside of it appears as the id outside.</param>
    /// <param name="target">Where to.</param>
    /// <returns>Invalid where the file system can't, NotPermitted where this user may not.</returns>
    internal static Errno TryMountMapped(string source, SafeFileHandle userNamespace, string target)
    {
        var errno = TryCloneMapped(source, userNamespace, out var tree);
        using (tree)
            return errno == Errno.None ? TryMoveMount(tree!, target) : errno;
    }

    /// <summary>A copy of the mount at a path, attached nowhere, with the owners of its files shifted: as <see cref="TryMountMapped"/>.</summary>
    internal static Errno TryCloneMapped(string source, SafeFileHandle userNamespace, out SafeFileHandle? tree)
    {
        var errno = TryClone(source, out tree);
        if (errno != Errno.None)
            return errno;
        var attributes = new MountAttributes { Set = 0x100000 /* MOUNT_ATTR_IDMAP */, UserNamespace = (ulong)userNamespace.DangerousGetHandle() };
        byte empty = 0;
        return mount_setattr(SysMountSetattr, tree!, &empty, 0x1000 /* AT_EMPTY_PATH */, &attributes, (nuint)sizeof(MountAttributes)) < 0 ? LinuxError.Last : Errno.None;
    }

    /// <summary>A copy of the mount at a path that is attached nowhere; it ends with its handle, if nobody attaches it.</summary>
    internal static Errno TryClone(CPath path, out SafeFileHandle? tree)
    {
        long fd;
        fixed (byte* name = path.Terminated)
            fd = open_tree(SysOpenTree, Files.Absolute, name, 0x80001 /* OPEN_TREE_CLOEXEC | OPEN_TREE_CLONE */);
        tree = fd < 0 ? null : new SafeFileHandle((nint)fd, ownsHandle: true);
        return fd < 0 ? LinuxError.Last : Errno.None;
    }

    /// <summary>Attaches a detached mount to the tree.</summary>
    internal static Errno TryMoveMount(SafeFileHandle mount, CPath target)
    {
        byte empty = 0;
        fixed (byte* path = target.Terminated)
            return move_mount(SysMoveMount, mount, &empty, Files.Absolute, path, 4 /* MOVE_MOUNT_F_EMPTY_PATH */) < 0
                ? LinuxError.Last : Errno.None;
    }

    /// <summary>Whether a directory is the root of a mount in this mount namespace. Cheap: no mount table is read where the
    /// kernel tells (Linux 5.8).</summary>
    internal static bool IsMountPoint(string path)
    {
        if (Files.TryStatus(path, followLink: false) is not { } status)
            return false;
        return status.MountRoot ?? Read().Any(mount => mount.MountPoint == path);
    }

    /// <summary>The mounts this thread sees.</summary>
    internal static IReadOnlyList<MountInfo> Read(string file = "/proc/thread-self/mountinfo")
    {
        var mounts = new List<MountInfo>();
        foreach (var line in Encoding.UTF8.GetString(Files.TryReadAll(file) ?? []).Split('\n'))
        {
            if (Parse(line) is { } mount)
                mounts.Add(mount);
        }
        return mounts;
    }

    // "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"
    internal static MountInfo? Parse(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        if (dash < 0 || fields.Length < dash + 3)
            return null;
        var shared = fields.AsSpan(6, dash - 6).ToArray().Any(tag => tag.StartsWith("shared:", StringComparison.Ordinal));
        return new MountInfo(int.Parse(fields[0], CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture),
            Unescape(fields[3]), Unescape(fields[4]), fields[5], shared, fields[dash + 1], Unescape(fields[dash + 2]),
            fields.Length > dash + 3 ? fields[dash + 3] : "");
    }

    // Blanks, tabs, line ends and backslashes are written as three octal digits.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\'))
            return field;
        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                text.Append((char)Convert.ToInt32(field.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }
        return text.ToString();
    }

    private static Errno Configure(SafeFileHandle context, string key, string? value)
    {
        CPath keyText = key, valueText = value ?? "";
        var command = value is null ? 0u /* FSCONFIG_SET_FLAG */ : 1u /* FSCONFIG_SET_STRING */;
        fixed (byte* name = keyText.Terminated)
        fixed (byte* text = valueText.Terminated)
            return fsconfig(SysFsconfig, context, command, name, value is null ? null : text, 0) < 0 ? LinuxError.Last : Errno.None;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mount(byte* source, byte* target, byte* type, ulong flags, byte* data);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int chdir(byte* path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int umount2(byte* target, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct MountAttributes
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long open_tree(long number, SafeFileHandle directory, byte* path, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long mount_setattr(long number, SafeFileHandle directory, byte* path, uint flags, MountAttributes* attributes, nuint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long fsopen(long number, byte* type, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long fsconfig(long number, SafeFileHandle context, uint command, byte* key, byte* value, int auxiliary);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long fsmount(long number, SafeFileHandle context, uint flags, uint attributes);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long move_mount(long number, SafeFileHandle from, byte* fromPath, SafeFileHandle to, byte* toPath, uint flags);
}

using System.Runtime.InteropServices;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Runtime.Chroot;

/// <summary>What the calling thread is: its root, its user, its capabilities. Only a process of our own that is about to execute another program may change these.</summary>
internal static unsafe partial class ThreadIdentity
{
    private const uint CapabilityVersion = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
    private const int KeepCapabilities = 8; // PR_SET_KEEPCAPS
    private const int DropBounding = 24; // PR_CAPBSET_DROP
    private const int NoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int Ambient = 47; // PR_CAP_AMBIENT
    private const int AmbientRaise = 2;
    private const int LastCapability = 63;
    private static readonly string[] s_limits =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    /// <summary>Makes a mount the root, and lets go of the old one. The calling thread has a mount namespace of its own.</summary>
    internal static void ChangeRoot(string path)
    {
        using var old = Files.Open("/", OpenFlags.Directory);
        using var root = Files.Open(path, OpenFlags.Directory);
        Check(fchdir(root), "change to", path);
        if (syscall(PivotRootNumber, ".", ".") != 0)
        {
            // A root on a ramdisk can't be exchanged.
            Check(chroot("."), "change the root to", path);
            Check(chdir("/"), "change to", "/");
            return;
        }
        Check(fchdir(old), "change to", "the old root");
        Mounts.Mount("none", ".", null, MountFlags.Slave | MountFlags.Recursive, null);
        LinuxError.Check(Mounts.TryUnmount(".", lazily: true), "unmount", "the old root");
        Check(fchdir(root), "change to", path);
        Check(chdir("/"), "change to", "/");
    }

    /// <summary>Changes the working directory.</summary>
    internal static void ChangeDirectory(string path) => Check(chdir(path), "change to", path);

    /// <summary>Sets the name of the UTS namespace.</summary>
    internal static void SetHostName(string name) => Check(sethostname(name, (nuint)System.Text.Encoding.UTF8.GetByteCount(name)), "set the host name", name);

    /// <summary>Sets a limit of the process.</summary>
    internal static void SetLimit(OciRlimit limit)
    {
        var number = Array.IndexOf(s_limits, limit.Type);
        var values = stackalloc ulong[] { limit.Soft, limit.Hard };
        Check(number < 0 ? 0 : setrlimit(number, values), "set the limit", limit.Type);
    }

    /// <summary>Takes a container's user and capabilities.</summary>
    internal static void Become(ChrootSpec spec)
    {
        for (var number = 0; number <= LastCapability; number++)
        {
            // EINVAL: the kernel knows no further ones.
            if ((spec.Bounding.Bits & (1UL << number)) == 0 && prctl(DropBounding, (nuint)number, 0, 0, 0) != 0 && LinuxError.Last != Errno.Invalid)
                throw LinuxError.Create(LinuxError.Last, "drop a capability", null);
        }
        fixed (uint* groups = spec.Groups.ToArray())
            Check(setgroups((nuint)spec.Groups.Count, groups), "set the groups", null);
        Check(prctl(KeepCapabilities, 1, 0, 0, 0), "keep the capabilities", null);
        Check(setresgid(spec.GroupId, spec.GroupId, spec.GroupId), "set the group", null);
        Check(setresuid(spec.UserId, spec.UserId, spec.UserId), "set the user", null);
        SetCapabilities(spec.Effective.Bits, spec.Ambient.Bits);
        if (spec.NoNewPrivileges)
            Check(prctl(NoNewPrivileges, 1, 0, 0, 0), "forbid new privileges", null);
        _ = umask(spec.Umask ?? 0x12 /* 0022 */);
    }

    private static void SetCapabilities(ulong effective, ulong ambient)
    {
        var header = stackalloc uint[] { CapabilityVersion, 0 };
        // Effective, permitted, inheritable; the lower 32 of each, then the upper.
        var sets = stackalloc uint[] { (uint)effective, (uint)effective, (uint)ambient, (uint)(effective >> 32), (uint)(effective >> 32), (uint)(ambient >> 32) };
        Check(capset(header, sets), "set the capabilities", null);
        for (var number = 0; number <= LastCapability; number++)
        {
            if ((ambient & (1UL << number)) != 0)
                Check(prctl(Ambient, AmbientRaise, (nuint)number, 0, 0), "raise a capability", null);
        }
    }

    private static nint PivotRootNumber => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 155 : 41;

    private static void Check(int result, string action, string? what)
    {
        if (result != 0)
            throw LinuxError.Create(LinuxError.Last, action, what);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchdir(SafeHandle directory);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chroot(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint syscall(nint number, string first, string second);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sethostname(string name, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, ulong* limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setgroups(nuint count, uint* groups);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capset(uint* header, uint* sets);

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);
}

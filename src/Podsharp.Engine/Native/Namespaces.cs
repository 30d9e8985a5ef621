using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>Namespaces of single threads.</summary>
internal static partial class Namespaces
{
    /// <summary>CLONE_FS: umask, working directory and root.</summary>
    internal const int CloneFileSystem = 0x200;
    /// <summary>CLONE_NEWNS; implies <see cref="CloneFileSystem"/>.</summary>
    internal const int NewMount = 0x20000;
    /// <summary>CLONE_NEWNET.</summary>
    internal const int NewNetwork = 0x40000000;

    private const ulong BindMount = 0x1000;
    private const ulong RecursiveSlave = 0x84000; // MS_REC | MS_SLAVE
    private const ulong Private = 0x40000; // MS_PRIVATE
    private const int DetachUnmount = 2;

    /// <summary>Gives the calling thread, which must be a dedicated one (<see cref="DedicatedThread"/>), namespaces of its own.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static void Unshare(int flags)
    {
        if (unshare(flags) != 0)
            throw LinuxError.Create(LinuxError.Last, "make a new namespace", null);
    }

    /// <summary>Takes the calling thread, which must be a dedicated one, into the namespace of a file.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static void Enter(string path, int kind)
    {
        using var file = Files.Open(path, OpenFlags.ReadOnly);
        if (setns(file.DangerousGetHandle().ToInt32(), kind) != 0)
            throw LinuxError.Create(LinuxError.Last, "enter the namespace", path);
    }

    /// <summary>Makes a network namespace and keeps it alive under a path by a bind mount, as ip-netns(8) does. The file is made where
    /// it is absent; it is left without a mount where this fails.</summary>
    internal static void CreateNetworkNamespace(string path)
    {
        using (File.Open(path, System.IO.FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite))
        {
        }
        DedicatedThread.Run(NewNetwork, () =>
        {
            if (mount("/proc/thread-self/ns/net", path, "", BindMount, 0) != 0)
                throw LinuxError.Create(LinuxError.Last, "bind a network namespace to", path);
            return true;
        });
    }

    /// <summary>Lets go of a network namespace: unmounts and removes its file. Nothing there is fine.</summary>
    internal static void RemoveNetworkNamespace(string path)
    {
        // EINVAL: not a mount point (any more).
        if (umount2(path, DetachUnmount) != 0 && LinuxError.Last is var errno && errno is not (Errno.Invalid or Errno.NoEntry))
            throw LinuxError.Create(errno, "unmount", path);
        File.Delete(path);
    }

    /// <summary>Runs work in the network namespace of a file, on a thread of its own.</summary>
    internal static T RunInNetwork<T>(string namespacePath, Func<T> work) => DedicatedThread.Run(0, () =>
    {
        using var file = File.OpenHandle(namespacePath);
        return setns(file.DangerousGetHandle().ToInt32(), NewNetwork) == 0
            ? work()
            : throw LinuxError.Create(LinuxError.Last, "enter the network namespace", namespacePath);
    });

    /// <summary>Opens a directory in a private copy of the mount namespace, whose mounts nobody else sees, after work has mounted what
    /// it likes there.</summary>
    /// <param name="ground">The directory below which it mounts.</param>
    /// <param name="work">Mounts, and opens the directory.</param>
    internal static MountedDirectory OpenWithPrivateMounts(string ground, Func<SafeFileHandle> work) => DedicatedThread.Run(NewMount, () =>
    {
        TakeGround(ground);
        var directory = work();
        try
        {
            return new MountedDirectory(directory, Files.Open("/proc/thread-self/ns/mnt", OpenFlags.ReadOnly));
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    });

    /// <summary>Runs work in a private copy of the mount namespace, which ends with it.</summary>
    /// <param name="ground">The directory below which it mounts; null where it mounts nothing.</param>
    /// <param name="work">The work.</param>
    internal static T RunWithPrivateMounts<T>(string? ground, Func<T> work) => DedicatedThread.Run(NewMount, () =>
    {
        TakeGround(ground);
        return work();
    });

    // What the host unmounts is unmounted here, too, so that nothing is held by this. But what it mounts on the ground meanwhile, as engines do
    // with a store's directory, must not hide what is mounted below here: on top of a mount of our own the kernel puts nothing.
    private static void TakeGround(string? ground)
    {
        if (mount("none", "/", null, RecursiveSlave, 0) != 0)
            throw LinuxError.Create(LinuxError.Last, "make the mounts private", "/");
        if (ground is not null && (mount(ground, ground, null, BindMount, 0) != 0 || mount("none", ground, null, Private, 0) != 0))
            throw LinuxError.Create(LinuxError.Last, "make a private mount of", ground);
    }

    /// <summary>Opens the root that a process's mount namespace has, whatever the process itself takes for its root.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="startTime">When it was started, so that it is no other one of that number.</param>
    /// <returns>null where the process has ended.</returns>
    internal static MountedDirectory? TryOpenRoot(int pid, long startTime)
    {
        var errno = Files.TryOpenAt(Files.Absolute, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/mnt"), OpenFlags.ReadOnly, 0, out var file);
        if (errno is Errno.NoEntry or Errno.NoProcess)
            return null;
        LinuxError.Check(errno, "open the mount namespace of process", pid.ToString(CultureInfo.InvariantCulture));
        try
        {
            // What was opened is of the process that lives now if it is still the same one.
            if (ProcessTable.IsAlive(pid, startTime))
                return new MountedDirectory(RootOf(file!), file!);
        }
        catch
        {
            file!.Dispose();
            throw;
        }
        file!.Dispose();
        return null;
    }

    private static SafeFileHandle RootOf(SafeFileHandle mountNamespace) => DedicatedThread.Run(CloneFileSystem, () =>
        setns(mountNamespace.DangerousGetHandle().ToInt32(), NewMount) == 0
            ? Files.Open("/", OpenFlags.Directory)
            : throw LinuxError.Create(LinuxError.Last, "enter a container's mount namespace", null));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int descriptor, int kind);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string? type, ulong flags, nint data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);
}

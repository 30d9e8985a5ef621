using System.Runtime.InteropServices;

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
    private const int DetachUnmount = 2;

    /// <summary>Gives the calling thread, which must be a dedicated one (<see cref="DedicatedThread"/>), namespaces of its own.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static void Unshare(int flags)
    {
        if (unshare(flags) != 0)
            throw LinuxError.Create(LinuxError.Last, "make a new namespace", null);
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

    /// <summary>Runs work in a private copy of the mount namespace, whose mounts nobody else sees, on a thread of its own.</summary>
    internal static T RunWithPrivateMounts<T>(Func<T> work) => DedicatedThread.Run(NewMount, () =>
        mount("none", "/", null, RecursiveSlave, 0) == 0
            ? work()
            : throw LinuxError.Create(LinuxError.Last, "make the mounts private", "/"));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int descriptor, int kind);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string? type, ulong flags, nint data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);
}

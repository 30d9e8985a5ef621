using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks;

/// <summary>Network namespaces that a file keeps alive: <c>/run/netns/netns-8-4-4-4-12</c>, as podman has them.</summary>
/// <remarks>The name follows from the container's id, so that after a kill the file is found without a record of it. Only the
/// creator's mount namespace and its peers see the mount: the directory is therefore made shared.</remarks>
internal sealed class NetworkNamespaces(NetworkSettings settings)
{
    /// <summary>The file that holds a container's network namespace.</summary>
    internal string PathOf(string containerId)
    {
        var id = containerId.PadRight(32, '0');
        return Path.Combine(settings.NamespaceDirectory, $"netns-{id[..8]}-{id[8..12]}-{id[12..16]}-{id[16..20]}-{id[20..32]}");
    }

    /// <summary>Makes a container's network namespace, with the loopback interface up. What an earlier, killed start left is replaced.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="made">One that is there already, and belongs to a user namespace; null makes one.</param>
    /// <param name="cancellationToken">Ends waiting for a lock.</param>
    /// <returns>The file's path.</returns>
    internal string Create(string containerId, SafeFileHandle? made = null, CancellationToken cancellationToken = default) => CreateAt(PathOf(containerId), made, cancellationToken);

    /// <summary>Makes a network namespace at a path of the directory.</summary>
    internal string CreateAt(string path, SafeFileHandle? made = null, CancellationToken cancellationToken = default)
    {
        PrepareDirectory(cancellationToken);
        MakeAt(path, made);
        return path;
    }

    /// <summary>Makes a network namespace at a path, whatever was there before.</summary>
    internal static void MakeAt(string path, SafeFileHandle? made = null)
    {
        Delete(path);
        Files.Open(path, OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.ReadOnly, 0).Dispose();
        try
        {
            if (made is null)
                DedicatedThread.Run(Namespaces.NewNetwork, () => MountAt(path));
            else
                Namespaces.RunInNetwork($"/proc/self/fd/{(int)made.DangerousGetHandle()}", () => MountAt(path));
        }
        catch
        {
            Delete(path);
            throw;
        }
    }

    /// <summary>Whether a namespace is there.</summary>
    internal static bool Exists(string path) => Mounts.IsMountPoint(path);

    /// <summary>Takes a namespace away; one that is not there is fine. The kernel ends it when no process is left in it.</summary>
    internal static void Delete(string path)
    {
        // Killed runs may have left several mounts on top of each other.
        Errno errno;
        do
            errno = Mounts.TryUnmount(path, lazily: true);
        while (errno == Errno.None);
        if (errno is not (Errno.Invalid or Errno.NoEntry)) LinuxError.Check(errno, "unmount", path);
        var removed = Files.TryRemove(path);
        if (removed != Errno.NoEntry) LinuxError.Check(removed, "remove", path);
    }

    private static bool MountAt(string path)
    {
        LinuxError.Check(NetworkCalls.TryBringLoopbackUp(), "bring up the loopback interface", null);
        LinuxError.Check(Mounts.TryMount("/proc/thread-self/ns/net", path, null, MountFlags.Bind, null), "mount the network namespace on", path);
        return true;
    }

    // Without sharing, a process in a mount namespace of its own that was made from ours before would not see new network namespaces.
    private void PrepareDirectory(CancellationToken cancellationToken)
    {
        var directory = settings.NamespaceDirectory;
        if (Mounts.TryMount("", directory, null, MountFlags.Shared | MountFlags.Recursive, null) == Errno.None) return;
        Files.MakeDirectories(directory, 0x1ED);
        Files.MakeDirectories(Path.GetDirectoryName(settings.LockPath)!, 0x1ED);
        using var held = FileLock.Acquire(settings.LockPath, LockMode.Exclusive, cancellationToken);
        if (Mounts.TryMount("", directory, null, MountFlags.Shared | MountFlags.Recursive, null) == Errno.None) return;
        // Not yet a mount point. Recursive, so that namespaces which ip-netns(8) mounted there stay visible.
        Mounts.Mount(directory, directory, null, MountFlags.Bind | MountFlags.Recursive, null);
        Mounts.Mount("", directory, null, MountFlags.Shared | MountFlags.Recursive, null);
    }
}

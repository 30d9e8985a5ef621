using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Runtime.Chroot;

/// <summary>Mounts what a container has below its root, in a mount namespace of its own. Paths are walked within the root, whatever links the image holds.</summary>
internal sealed class ChrootMounts(ChrootSpec spec) : IDisposable
{
    private const ResolveFlags Confined = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
    private const uint PublicDirectory = 0x1ED; // 0755
    private const uint PublicFile = 0x1A4; // 0644
    private static readonly string[] s_devices = ["null", "zero", "full", "random", "urandom", "tty"];
    private static readonly (string Target, string Name)[] s_links = [("/proc/self/fd", "fd"), ("/proc/self/fd/0", "stdin"), ("/proc/self/fd/1", "stdout"), ("/proc/self/fd/2", "stderr"), ("pts/ptmx", "ptmx")];
    private SafeFileHandle? root;

    private SafeFileHandle Root => root ??= Files.Open(spec.Root, OpenFlags.Directory);

    /// <summary>Mounts everything. The calling thread has a mount namespace of its own.</summary>
    internal void MountAll()
    {
        Mounts.Mount("none", "/", null, MountFlags.Slave | MountFlags.Recursive, null);
        Mounts.Mount(spec.Root, spec.Root, null, MountFlags.Bind | MountFlags.Recursive, null);
        Mounts.Mount("none", spec.Root, null, MountFlags.Private | MountFlags.Recursive, null);
        foreach (var mount in spec.Mounts)
        {
            Mount(mount);
            if (mount.Destination == "/dev" && mount.Type == "tmpfs")
                FillDevices();
        }
        foreach (var device in spec.Devices)
            Make(device);
        foreach (var path in spec.ReadOnlyPaths)
            Protect(path);
        foreach (var path in spec.MaskedPaths)
            Mask(path);
        if (spec.IsReadOnly)
            MakeReadOnly(spec.Root, MountFlags.None);
    }

    /// <inheritdoc/>
    public void Dispose() => root?.Dispose();

    private void Mount(OciMount mount)
    {
        var (flags, data) = Options(mount.Options);
        var isBind = (flags & MountFlags.Bind) != 0;
        if (mount.Type is "cgroup" or "cgroup2")
            return;
        using var place = Place(mount.Destination, isBind && !Directory.Exists(mount.Source));
        var target = PathOf(place);
        if (isBind)
        {
            Bind(mount.Source, mount.Destination, flags);
            return;
        }
        var errno = Mounts.TryMount(mount.Source, target, mount.Type, flags, data.Length > 0 ? data : null);
        // What only the owner of a namespace may mount: what the host shows instead.
        if (errno is Errno.PermissionDenied or Errno.AccessDenied or Errno.Busy or Errno.NoDevice or Errno.Invalid)
        {
            switch (mount.Type)
            {
                case "proc" or "sysfs" or "devpts":
                    Bind(mount.Type == "proc" ? "/proc" : mount.Type == "sysfs" ? "/sys" : "/dev/pts", mount.Destination, MountFlags.Bind | MountFlags.Recursive);
                    return;
                case "mqueue":
                    return;
            }
        }
        LinuxError.Check(errno, $"mount {mount.Type} on", mount.Destination);
    }

    // The place is looked up again for what is mounted there then: a handle of before still names what lies below.
    private void Bind(string source, string destination, MountFlags flags)
    {
        using (var place = Find(destination)!)
            Mounts.Mount(source, PathOf(place), null, flags & (MountFlags.Bind | MountFlags.Recursive), null);
        using var mounted = Find(destination)!;
        var target = PathOf(mounted);
        Mounts.Mount("none", target, null, MountFlags.Private | MountFlags.Recursive, null);
        var rest = flags & (MountFlags.NoSetUserId | MountFlags.NoDevices | MountFlags.NoExecute);
        if ((flags & MountFlags.ReadOnly) != 0)
            MakeReadOnly(target, rest);
        else if (rest != 0)
            Mounts.Mount("none", target, null, MountFlags.Remount | MountFlags.Bind | rest, null);
    }

    // In a user namespace the restrictions that a mount came with have to stay.
    private static void MakeReadOnly(string target, MountFlags more)
    {
        var errno = Errno.None;
        foreach (var kept in (MountFlags[])[more, more | MountFlags.NoSetUserId | MountFlags.NoDevices, more | MountFlags.NoSetUserId | MountFlags.NoDevices | MountFlags.NoExecute])
        {
            errno = Mounts.TryMount("none", target, null, MountFlags.Remount | MountFlags.Bind | MountFlags.ReadOnly | kept, null);
            if (errno != Errno.PermissionDenied)
                break;
        }
        LinuxError.Check(errno, "make a read-only mount of", target);
    }

    // Nodes can't be made everywhere; the host's can be shown everywhere.
    private void FillDevices()
    {
        foreach (var name in s_devices.Where(name => File.Exists("/dev/" + name)))
        {
            Place("/dev/" + name, isFile: true).Dispose();
            Bind("/dev/" + name, "/dev/" + name, MountFlags.Bind);
        }
        using var directory = Place("/dev", isFile: false);
        foreach (var (target, name) in s_links)
            _ = Files.TryMakeSymlink(target, directory, name);
    }

    private void Make(OciDevice device)
    {
        using var parent = Place(Path.GetDirectoryName(device.Path)!, isFile: false);
        var type = device.Type switch { "b" => ModeBits.BlockDevice, "p" => ModeBits.Fifo, _ => ModeBits.CharacterDevice };
        var name = Path.GetFileName(device.Path);
        if (Files.TryMakeNode(parent, name, type | device.FileMode, (uint)device.Major, (uint)device.Minor) == Errno.None)
        {
            _ = Files.TryChangeOwner(parent, name, device.Uid, device.Gid);
            return;
        }
        Place(device.Path, isFile: true).Dispose();
        Bind(device.Path, device.Path, MountFlags.Bind);
    }

    private void Protect(string path)
    {
        if (Find(path) is not { } place)
            return;
        using (place)
            Bind(PathOf(place), path, MountFlags.Bind | MountFlags.Recursive | MountFlags.ReadOnly);
    }

    private void Mask(string path)
    {
        if (Find(path) is not { } place)
            return;
        using (place)
        {
            if (Files.Status(place).IsDirectory)
                Mounts.Mount("tmpfs", PathOf(place), "tmpfs", MountFlags.ReadOnly, "size=0k");
            else
                Bind("/dev/null", path, MountFlags.Bind);
        }
    }

    private SafeFileHandle? Find(string path) =>
        Files.TryOpenConfined(Root, path.TrimStart('/'), OpenFlags.Path, Confined, 0, out var place) == Errno.None ? place : null;

    // What is there, or what is made there: each directory on the way is opened within the root.
    private SafeFileHandle Place(string path, bool isFile)
    {
        if (Find(path) is { } there)
            return there;
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 1; i <= names.Length; i++)
        {
            var part = string.Join('/', names[..i]);
            if (Find(part) is { } known)
            {
                known.Dispose();
                continue;
            }
            using var parent = i == 1 ? Files.OpenAt(Root, ".", OpenFlags.Directory) : Find(string.Join('/', names[..(i - 1)]))!;
            var errno = i == names.Length && isFile ? MakeFile(parent, names[i - 1]) : Files.TryMakeDirectory(parent, names[i - 1], PublicDirectory);
            if (errno != Errno.Exists)
                LinuxError.Check(errno, "make a place for a mount at", path);
        }
        return Find(path) ?? throw new DirectoryNotFoundException($"there is no place for a mount at {path}");
    }

    private static Errno MakeFile(SafeFileHandle parent, string name)
    {
        var errno = Files.TryOpenAt(parent, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, PublicFile, out var file);
        file?.Dispose();
        return errno;
    }

    private static string PathOf(SafeFileHandle place) => string.Create(CultureInfo.InvariantCulture, $"/proc/thread-self/fd/{(int)place.DangerousGetHandle()}");

    private static (MountFlags Flags, string Data) Options(IReadOnlyList<string> options)
    {
        var (flags, data) = (MountFlags.None, new List<string>());
        foreach (var option in options)
        {
            switch (option)
            {
                case "bind": flags |= MountFlags.Bind; break;
                case "rbind": flags |= MountFlags.Bind | MountFlags.Recursive; break;
                case "ro": flags |= MountFlags.ReadOnly; break;
                case "nosuid": flags |= MountFlags.NoSetUserId; break;
                case "nodev": flags |= MountFlags.NoDevices; break;
                case "noexec": flags |= MountFlags.NoExecute; break;
                case "noatime": flags |= MountFlags.NoAccessTime; break;
                case "relatime": flags |= MountFlags.RelativeAccessTime; break;
                // Everything is private here; and what a runtime does by itself isn't asked for by builds' own mounts.
                case "rw" or "suid" or "dev" or "exec" or "strictatime" or "private" or "rprivate" or "slave" or "rslave" or "shared" or "rshared" or "unbindable" or "runbindable"
                    or "tmpcopyup" or "notmpcopyup" or "copy-symlink": break;
                default: data.Add(option); break;
            }
        }
        return (flags, string.Join(',', data));
    }
}

using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>Writes the entries of an archive below a directory, and nowhere else.</summary>
/// <remarks>
/// Parents are resolved by the kernel with the directory as root (openat2, RESOLVE_IN_ROOT): a link in the layer leads where it
/// would lead inside the container, never to the host. The last part of a name is never followed. Directories get owner,
/// mode and times at the end: writing into them would change their times, and a set-group-id bit or default ACL would rub
/// off on what is made inside.
/// </remarks>
internal sealed class LayerTree : IDisposable
{
    private const int CachedDirectories = 48;
    private const uint PrivateFile = 0x180; // 0600
    private const uint PrivateDirectory = 0x1C0; // 0700

    private readonly SafeFileHandle root;
    private readonly bool rootless;
    private readonly bool ignoreOwnerErrors;
    private readonly uint createdUserId;
    private readonly uint createdGroupId;
    private readonly bool inheritsGroup;
    private readonly Dictionary<string, SafeFileHandle> directories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TarEntry?> unfinished = new(StringComparer.Ordinal);
    private readonly List<string> unfinishedOrder = [];
    private readonly Dictionary<string, byte[]> linked = new(StringComparer.Ordinal);

    internal LayerTree(string rootPath, bool rootless, bool ignoreOwnerErrors)
    {
        root = Files.Open(rootPath, OpenFlags.Directory);
        this.rootless = rootless;
        this.ignoreOwnerErrors = ignoreOwnerErrors;
        var status = Files.Status(root);
        createdUserId = status.UserId;
        createdGroupId = status.GroupId;
        inheritsGroup = (status.Mode & ModeBits.SetGroupId) != 0;
    }

    private string OpaqueAttribute => rootless ? "user.overlay.opaque" : "trusted.overlay.opaque";

    /// <summary>Makes a file and returns it for writing; <see cref="FinishFile"/> comes after the content.</summary>
    internal SafeFileHandle BeginFile(TarEntry entry, ReadOnlySpan<byte> path)
    {
        var parent = OpenParent(entry, path, out var name);
        var flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        var errno = Files.TryOpenAt(parent, name, flags, PrivateFile, out var file);
        if (errno == Errno.Exists)
        {
            Replace(parent, name, path);
            errno = Files.TryOpenAt(parent, name, flags, PrivateFile, out file);
        }
        Check(errno, entry);
        return file!;
    }

    /// <summary>Writes content.</summary>
    internal static void Write(TarEntry entry, SafeFileHandle file, ReadOnlySpan<byte> data)
    {
        try
        {
            Files.Write(file, data);
        }
        catch (LinuxException error)
        {
            throw LinuxError.Create(error.Errno, "unpack", Encoding.UTF8.GetString(entry.Name));
        }
    }

    /// <summary>Sets owner, then mode (a change of owner clears set-id bits), then attributes (a change of owner clears
    /// capabilities), then times.</summary>
    internal void FinishFile(TarEntry entry, SafeFileHandle file)
    {
        if (NeedsOwner(entry))
            CheckOwner(Files.TryChangeOwner(file, entry.UserId, entry.GroupId), entry);
        Files.ChangeMode(file, entry.Mode);
        foreach (var (key, value) in entry.Attributes)
        {
            if (IsStorable(key))
                CheckAttribute(Files.TrySetAttribute(file, key, value), entry, key);
        }
        Check(Files.TryChangeTimes(file, entry.Accessed, entry.Modified), entry);
    }

    /// <summary>Makes a directory, or takes the one that is there. What the archive says of the root itself is passed over, as the
    /// other writers of the store do: its owner and mode are the store's business.</summary>
    internal void AddDirectory(TarEntry entry, ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return;
        var parent = OpenParent(entry, path, out var name);
        var errno = Files.TryMakeDirectory(parent, name, PrivateDirectory);
        if (errno == Errno.Exists)
        {
            Check(Files.TryStatus(parent, name, followLink: false, out var status), entry);
            errno = Errno.None;
            if (!status.IsDirectory)
            {
                Replace(parent, name, path);
                errno = Files.TryMakeDirectory(parent, name, PrivateDirectory);
            }
        }
        Check(errno, entry);
        FinishLater(Key(path), entry);
    }

    /// <summary>Makes a symbolic link; where it leads is no concern, since nothing follows it outside the root.</summary>
    internal void AddSymlink(TarEntry entry, ReadOnlySpan<byte> path)
    {
        if (entry.LinkName.Length == 0)
            throw TarError.Contradiction(entry.Name, "it is a symbolic link to nothing");
        var parent = OpenParent(entry, path, out var name);
        var errno = Files.TryMakeSymlink(entry.LinkName.AsSpan(), parent, name);
        if (errno == Errno.Exists)
        {
            Replace(parent, name, path);
            errno = Files.TryMakeSymlink(entry.LinkName.AsSpan(), parent, name);
        }
        Check(errno, entry);
        FinishName(entry, parent, name, withMode: false);
    }

    /// <summary>Makes a hard link to a file of this layer.</summary>
    internal void AddHardLink(TarEntry entry, ReadOnlySpan<byte> path)
    {
        var target = TarPath.Normalise(entry.LinkName);
        if (target.IsEmpty)
            throw TarError.Contradiction(entry.Name, "it is a hard link to the root directory");
        TarPath.Split(target, out var targetDirectory, out var targetName);
        if (target.SequenceEqual(path))
            throw TarError.Contradiction(entry.Name, "it is a hard link to itself");
        var from = OpenTargetDirectory(entry, targetDirectory);
        var parent = OpenParent(entry, path, out var name);
        var errno = Files.TryMakeLink(from, targetName, parent, name);
        if (errno == Errno.Exists)
        {
            Replace(parent, name, path);
            from = OpenTargetDirectory(entry, targetDirectory); // it may have been forgotten with what was replaced
            errno = Files.TryMakeLink(from, targetName, parent, name);
        }
        if (errno is Errno.NoEntry or Errno.PermissionDenied or Errno.IsDirectory)
            throw NoTarget(entry);
        Check(errno, entry);
        FinishLink(entry, parent, name);
    }

    /// <summary>Makes a device node or fifo. In a user namespace the kernel allows no devices; they are left out.</summary>
    internal void AddNode(TarEntry entry, ReadOnlySpan<byte> path)
    {
        var type = entry.Type switch
        {
            TarEntryType.CharacterDevice => ModeBits.CharacterDevice,
            TarEntryType.BlockDevice => ModeBits.BlockDevice,
            _ => ModeBits.Fifo,
        };
        if (rootless && type != ModeBits.Fifo)
            return;
        if (type == ModeBits.CharacterDevice && entry is { DeviceMajor: 0, DeviceMinor: 0 })
            throw TarError.Contradiction(entry.Name, "a character device 0:0 means a deleted file in the store");
        var parent = OpenParent(entry, path, out var name);
        var errno = Files.TryMakeNode(parent, name, type | PrivateFile, entry.DeviceMajor, entry.DeviceMinor);
        if (errno == Errno.Exists)
        {
            Replace(parent, name, path);
            errno = Files.TryMakeNode(parent, name, type | PrivateFile, entry.DeviceMajor, entry.DeviceMinor);
        }
        Check(errno, entry);
        FinishName(entry, parent, name, withMode: true);
    }

    /// <summary>Marks a name of the layers below as deleted (a character device 0:0).</summary>
    internal void AddWhiteout(TarEntry entry, ReadOnlySpan<byte> directory, ReadOnlySpan<byte> hiddenName)
    {
        if (hiddenName.IsEmpty || hiddenName.SequenceEqual("."u8) || hiddenName.SequenceEqual(".."u8))
            throw TarError.Contradiction(entry.Name, "it deletes no file");
        var parent = OpenDirectory(directory, create: true, entry);
        var errno = Files.TryMakeNode(parent, hiddenName, ModeBits.CharacterDevice);
        if (errno == Errno.Exists)
        {
            // The layer itself has this name: only what is below it is deleted, and only a directory would let that show through.
            Check(Files.TryStatus(parent, hiddenName, followLink: false, out var status), entry);
            if (status.IsDirectory)
                Check(Files.TrySetAttribute(parent, hiddenName, OpaqueAttribute, "y"u8), entry);
            return;
        }
        Check(errno, entry);
        if (NeedsOwner(entry))
            CheckOwner(Files.TryChangeOwner(parent, hiddenName, entry.UserId, entry.GroupId), entry);
    }

    /// <summary>Hides everything the layers below have in a directory.</summary>
    internal void AddOpaqueMark(TarEntry entry, ReadOnlySpan<byte> directory)
    {
        var handle = OpenDirectory(directory, create: true, entry);
        Check(Files.TrySetAttribute(handle, "."u8, OpaqueAttribute, "y"u8), entry);
    }

    /// <summary>Gives the directories their owners, modes, attributes and times: those made last, which are the inner ones, first.</summary>
    internal void FinishDirectories()
    {
        CloseDirectories();
        for (var i = unfinishedOrder.Count - 1; i >= 0; i--)
        {
            if (unfinished.Remove(unfinishedOrder[i], out var entry))
                FinishDirectory(unfinishedOrder[i], entry);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseDirectories();
        root.Dispose();
    }

    private void FinishDirectory(string key, TarEntry? entry)
    {
        ReadOnlySpan<byte> path = Encoding.Latin1.GetBytes(key);
        var errno = Files.TryOpenConfined(root, path, OpenFlags.Directory | OpenFlags.NoFollow,
            ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var directory);
        if (errno is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymlinks)
            return; // a later entry replaced it
        LinuxError.Check(errno, "open", Encoding.UTF8.GetString(path));
        using (directory)
        {
            if (entry is null)
                Files.ChangeMode(directory!, 0x1ED /* 0755: a parent the archive doesn't list */);
            else
                FinishFile(entry, directory!);
        }
    }

    private void FinishName(TarEntry entry, SafeFileHandle parent, ReadOnlySpan<byte> name, bool withMode)
    {
        if (NeedsOwner(entry))
            CheckOwner(Files.TryChangeOwner(parent, name, entry.UserId, entry.GroupId), entry);
        if (withMode)
            Check(Files.TryChangeMode(parent, name, entry.Mode), entry);
        SetAttributes(entry, parent, name);
        Check(Files.TryChangeTimes(parent, name, entry.Accessed, entry.Modified), entry);
    }

    // A link's entry repeats the file's attributes; where it doesn't, the last word counts. An owner that is right already is left
    // alone, since setting it would clear capabilities.
    private void FinishLink(TarEntry entry, SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        Check(Files.TryStatus(parent, name, followLink: false, out var status), entry);
        var changeOwner = status.UserId != entry.UserId || status.GroupId != entry.GroupId;
        if (changeOwner)
            CheckOwner(Files.TryChangeOwner(parent, name, entry.UserId, entry.GroupId), entry);
        if (!status.IsSymlink && (changeOwner || (status.Mode & ModeBits.PermissionMask) != entry.Mode))
            Check(Files.TryChangeMode(parent, name, entry.Mode), entry);
        SetAttributes(entry, parent, name);
        Check(Files.TryChangeTimes(parent, name, entry.Accessed, entry.Modified), entry);
    }

    private void SetAttributes(TarEntry entry, SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        foreach (var (key, value) in entry.Attributes)
        {
            if (IsStorable(key))
                CheckAttribute(Files.TrySetAttribute(parent, name, key, value), entry, key);
        }
    }

    // What overlayfs and the store keep in attributes is theirs: an archive that sets it could graft other directories into the mount. A label is its host's.
    internal static bool IsStorable(string attribute) => !attribute.StartsWith("trusted.overlay.", StringComparison.Ordinal)
        && !attribute.StartsWith("user.overlay.", StringComparison.Ordinal) && attribute is not ("user.containers.override_stat" or Security.FileLabels.Attribute);

    private bool NeedsOwner(TarEntry entry) => inheritsGroup || entry.UserId != createdUserId || entry.GroupId != createdGroupId;

    private void CheckOwner(Errno errno, TarEntry entry)
    {
        if (errno == Errno.None || ignoreOwnerErrors)
            return;
        if (rootless && errno is Errno.Invalid or Errno.PermissionDenied)
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "OwnerNotMapped",
                $"the file \"{Encoding.UTF8.GetString(entry.Name)}\" belongs to {entry.UserId}:{entry.GroupId}, which this user namespace doesn't have",
                Encoding.UTF8.GetString(entry.Name), "give the user more ids in /etc/subuid and /etc/subgid, or set ignore_chown_errors in storage.conf");
        Check(errno, entry);
    }

    private void CheckAttribute(Errno errno, TarEntry entry, string attribute)
    {
        // The file system or the user namespace can't hold it; the other writers of the store go on, too.
        if (errno is Errno.NotSupported || (rootless && errno is Errno.PermissionDenied))
            return;
        LinuxError.Check(errno, $"set the attribute {attribute} of", Encoding.UTF8.GetString(entry.Name));
    }

    private static void Check(Errno errno, TarEntry entry)
    {
        if (errno is Errno.NotDirectory or Errno.TooManySymlinks or Errno.NameTooLong)
            throw TarError.Contradiction(entry.Name, LinuxError.Describe(errno));
        LinuxError.Check(errno, "unpack", Encoding.UTF8.GetString(entry.Name));
    }

    // ---- directories ----

    private SafeFileHandle OpenParent(TarEntry entry, ReadOnlySpan<byte> path, out ReadOnlySpan<byte> name)
    {
        if (path.IsEmpty)
            throw TarError.Contradiction(entry.Name, "only a directory can be the root");
        TarPath.Split(path, out var directory, out name);
        return OpenDirectory(directory, create: true, entry);
    }

    private SafeFileHandle OpenTargetDirectory(TarEntry entry, ReadOnlySpan<byte> path)
    {
        try
        {
            return OpenDirectory(path, create: false, entry);
        }
        catch (LinuxException error) when (error.Errno == Errno.NoEntry)
        {
            throw NoTarget(entry);
        }
    }

    private static ContainerEngineException NoTarget(TarEntry entry) => TarError.Contradiction(entry.Name,
        $"its target \"{Encoding.UTF8.GetString(entry.LinkName)}\" is no file of this archive");

    private SafeFileHandle OpenDirectory(ReadOnlySpan<byte> path, bool create, TarEntry entry)
    {
        if (path.IsEmpty)
            return root;
        var key = Key(path);
        if (directories.TryGetValue(key, out var known))
            return known;
        var errno = TryOpenDirectory(path, out var handle);
        if (errno == Errno.NoEntry && create)
        {
            TarPath.Split(path, out var above, out var name);
            var parent = OpenDirectory(above, create: true, entry);
            errno = Files.TryMakeDirectory(parent, name, PrivateDirectory);
            if (errno == Errno.Exists)
                throw TarError.Contradiction(entry.Name, "a link on its way leads nowhere");
            Check(errno, entry);
            FinishLater(key, null);
            errno = TryOpenDirectory(path, out handle);
        }
        Check(errno, entry);
        directories.Add(key, handle!);
        return handle!;
    }

    private Errno TryOpenDirectory(ReadOnlySpan<byte> path, out SafeFileHandle? handle)
    {
        const OpenFlags flags = OpenFlags.Path | OpenFlags.Directory;
        var errno = Files.TryOpenConfined(root, path, flags, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, 0, out handle);
        if (errno != Errno.TooManySymlinks)
            return errno;
        errno = Files.TryOpenConfined(root, path, flags, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out handle);
        if (errno == Errno.None)
            linked[Key(path)] = RealPath(handle!);
        return errno;
    }

    /// <summary>Where a file really is: its path with the links on the way resolved. tar-split files name that one, since other readers
    /// of the store follow an absolute link to the host's root, not to the layer's.</summary>
    internal byte[] RealPath(ReadOnlySpan<byte> path)
    {
        TarPath.Split(path, out var directory, out var name);
        if (linked.Count == 0 || !linked.TryGetValue(Key(directory), out var real))
            return path.ToArray();
        return real.Length == 0 ? name.ToArray() : [.. real, (byte)'/', .. name];
    }

    private byte[] RealPath(SafeFileHandle directory)
    {
        var start = PathOf(root).Length + 1;
        var path = PathOf(directory);
        return path.Length < start ? [] : path[start..];
    }

    private static byte[] PathOf(SafeFileHandle handle) =>
        Files.TryReadLink(Files.Absolute, $"/proc/self/fd/{handle.DangerousGetHandle()}") ?? [];

    /// <summary>Makes room for the handles one entry needs, so that none is closed while it is in use. Called between entries.</summary>
    internal void TrimDirectories()
    {
        if (directories.Count > CachedDirectories)
            CloseDirectories();
    }

    private void CloseDirectories()
    {
        foreach (var handle in directories.Values)
            handle.Dispose();
        directories.Clear();
        linked.Clear();
    }

    // Later entries win. What is replaced may have been part of the way to directories we hold open or mean to finish.
    private void Replace(SafeFileHandle parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        LinuxError.Check(Files.TryStatus(parent, name, followLink: false, out var status), "replace", Encoding.UTF8.GetString(path));
        Files.RemoveTree(parent, name);
        if (!status.IsDirectory && !status.IsSymlink)
            return;
        var key = Key(path);
        foreach (var stale in unfinished.Keys.Where(other => other == key || other.StartsWith(key + "/", StringComparison.Ordinal)).ToList())
            unfinished.Remove(stale);
        ForgetDirectories(parent);
    }

    private void ForgetDirectories(SafeFileHandle keep)
    {
        foreach (var (key, handle) in directories.ToList())
        {
            if (ReferenceEquals(handle, keep))
                continue;
            directories.Remove(key);
            linked.Remove(key);
            handle.Dispose();
        }
    }

    private void FinishLater(string key, TarEntry? entry)
    {
        if (entry is null && unfinished.ContainsKey(key))
            return;
        if (!unfinished.ContainsKey(key))
            unfinishedOrder.Add(key);
        unfinished[key] = entry;
    }

    // One character a byte: a text that can be a dictionary's key and loses nothing.
    private static string Key(ReadOnlySpan<byte> path) => Encoding.Latin1.GetString(path);
}

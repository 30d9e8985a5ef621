using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Copying;

/// <summary>Unpacks an archive into a directory of a tree that others may be at work in, and nowhere outside that tree.</summary>
/// <remarks>Each name is resolved by the kernel with the tree's root as <c>/</c> (openat2, RESOLVE_IN_ROOT), and its last part is never followed:
/// whatever is turned into a link meanwhile leads to some place in the tree at worst. Unlike a layer's (<see cref="LayerTree"/>) the tree has
/// content, which is merged with or replaced; names have no meaning beyond themselves.</remarks>
/// <param name="root">The tree's root.</param>
/// <param name="prefix">The directory, relative to the root; empty for the root itself.</param>
/// <param name="options">How.</param>
internal sealed class TreeExtractor(SafeFileHandle root, byte[] prefix, ExtractOptions options) : IDisposable
{
    private const int CachedDirectories = 48;
    private const uint PrivateFile = 0x180; // 0600
    private const uint PrivateDirectory = 0x1C0; // 0700
    private const uint PublicDirectory = 0x1ED; // 0755

    private readonly Dictionary<string, SafeFileHandle> directories = new(StringComparer.Ordinal);
    private readonly List<(byte[] Path, TarEntry Entry)> unfinished = [];
    private readonly HashSet<string> skipped = new(StringComparer.Ordinal);

    /// <summary>Unpacks an archive to its end.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is damaged or hostile. NameInUse: a directory is in the place of something
    /// else, or the other way round.</exception>
    internal void Extract(ITarInput input, CancellationToken cancellationToken)
    {
        var reader = new TarReader(input, null);
        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var owner = options.InTree(options.Owner?.UserId ?? entry.UserId, options.Owner?.GroupId ?? entry.GroupId);
            Add(reader, entry with { UserId = owner.UserId, GroupId = owner.GroupId });
            if (directories.Count > CachedDirectories)
                CloseDirectories();
        }
        reader.Finish();
        FinishDirectories();
    }

    /// <inheritdoc/>
    public void Dispose() => CloseDirectories();

    private void Add(TarReader reader, TarEntry entry)
    {
        var path = PathOf(entry.Name);
        switch (entry.Type)
        {
            case TarEntryType.File:
                AddFile(reader, entry, path);
                break;
            case TarEntryType.Directory:
                AddDirectory(entry, path);
                break;
            case TarEntryType.Symlink:
                AddName(entry, path, (parent, name) => Files.TryMakeSymlink(entry.LinkName.AsSpan(), parent, name));
                break;
            case TarEntryType.HardLink:
                AddHardLink(entry, path);
                break;
            case TarEntryType.CharacterDevice or TarEntryType.BlockDevice when options.SkipDevices:
                skipped.Add(Key(path));
                break;
            default:
                AddName(entry, path, (parent, name) => Files.TryMakeNode(parent, name, NodeType(entry.Type) | PrivateFile, entry.DeviceMajor, entry.DeviceMinor));
                break;
        }
    }

    private void AddFile(TarReader reader, TarEntry entry, byte[] path)
    {
        var parent = OpenParent(path, entry, out var name);
        var errno = TryMakeFile(parent, name, out var file);
        var inPlace = false;
        if (errno == Errno.Exists)
        {
            inPlace = !TryMakeRoom(parent, name, entry);
            errno = inPlace ? TryOpenInPlace(parent, name, out file) : TryMakeFile(parent, name, out file);
        }
        Check(errno, entry);
        using (file)
        {
            while (reader.ReadData(int.MaxValue) is { IsEmpty: false } data)
                Files.Write(file!, data, Show(entry));
            if (!inPlace)
                Finish(entry, file!);
        }
    }

    private Errno TryMakeFile(SafeFileHandle parent, ReadOnlySpan<byte> name, out SafeFileHandle? file)
    {
        using (FileSystemIds.Of(options.Maker))
            return Files.TryOpenAt(parent, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, PrivateFile, out file);
    }

    private Errno TryMakeDirectory(SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        using (FileSystemIds.Of(options.Maker))
            return Files.TryMakeDirectory(parent, name, PrivateDirectory);
    }

    private Errno Make(Maker make, SafeFileHandle parent, ReadOnlySpan<byte> name)
    {
        using (FileSystemIds.Of(options.Maker))
            return make(parent, name);
    }

    // A file that something is mounted on (/etc/hosts in a running container) can't be replaced: it gets the content and stays what it is.
    private static Errno TryOpenInPlace(SafeFileHandle parent, ReadOnlySpan<byte> name, out SafeFileHandle? file)
    {
        var errno = Files.TryOpenAt(parent, name, OpenFlags.Path | OpenFlags.NoFollow, 0, out file);
        if (errno != Errno.None)
            return errno;
        using var place = file!;
        file = null;
        return !Files.Status(place).IsRegular ? Errno.Busy
            : Files.TryOpenAt(Files.Absolute, $"/proc/self/fd/{(int)place.DangerousGetHandle()}", OpenFlags.WriteOnly | OpenFlags.Truncate, 0, out file);
    }

    private void AddDirectory(TarEntry entry, byte[] path)
    {
        if (path.Length > 0)
        {
            var parent = OpenParent(path, entry, out var name);
            var errno = TryMakeDirectory(parent, name);
            if (errno == Errno.Exists)
            {
                Check(Files.TryStatus(parent, name, followLink: false, out var status), entry);
                errno = status.IsDirectory ? Errno.None : Replace(parent, name, entry, status) ? TryMakeDirectory(parent, name) : Errno.Busy;
            }
            Check(errno, entry);
        }
        unfinished.Add((path, entry));
    }

    private void AddHardLink(TarEntry entry, byte[] path)
    {
        var target = PathOf(entry.LinkName);
        if (skipped.Contains(Key(target)))
        {
            skipped.Add(Key(path));
            return;
        }
        AddName(entry, path, (parent, name) =>
        {
            TarPath.Split(target, out var directory, out var targetName);
            return Files.TryMakeLink(OpenDirectory(directory, create: false, entry), targetName, parent, name);
        }, finish: false);
    }

    private delegate Errno Maker(SafeFileHandle parent, ReadOnlySpan<byte> name);

    private void AddName(TarEntry entry, byte[] path, Maker make, bool finish = true)
    {
        var parent = OpenParent(path, entry, out var name);
        var errno = Make(make, parent, name);
        if (errno == Errno.Exists)
            errno = TryMakeRoom(parent, name, entry) ? Make(make, parent, name) : Errno.Busy;
        Check(errno, entry);
        if (!finish)
            return; // the file has its owner and mode
        Check(Files.TryChangeOwner(parent, name, entry.UserId, entry.GroupId), entry);
        if (entry.Type != TarEntryType.Symlink)
            Check(Files.TryChangeMode(parent, name, entry.Mode), entry);
        foreach (var (key, value) in entry.Attributes)
            if (LayerTree.IsStorable(key))
                CheckAttribute(Files.TrySetAttribute(parent, name, key, value), entry, key);
        Check(Files.TryChangeTimes(parent, name, entry.Accessed, entry.Modified), entry);
    }

    // The owner first: changing it clears set-user-id bits and file capabilities. The times last: all else changes them.
    private static void Finish(TarEntry entry, SafeFileHandle file)
    {
        Check(Files.TryChangeOwner(file, entry.UserId, entry.GroupId), entry);
        Files.ChangeMode(file, entry.Mode);
        foreach (var (key, value) in entry.Attributes)
            if (LayerTree.IsStorable(key))
                CheckAttribute(Files.TrySetAttribute(file, key, value), entry, key);
        Check(Files.TryChangeTimes(file, entry.Accessed, entry.Modified), entry);
    }

    private void FinishDirectories()
    {
        CloseDirectories();
        for (var i = unfinished.Count - 1; i >= 0; i--)
        {
            var (path, entry) = unfinished[i];
            // What has been replaced or removed meanwhile is nobody's to finish.
            if (TryOpen(path, path.Length == prefix.Length ? OpenFlags.Directory : OpenFlags.Directory | OpenFlags.NoFollow, out var directory) != Errno.None)
                continue;
            using (directory)
                Finish(entry, directory!);
        }
        unfinished.Clear();
    }

    // False where it can't be moved out of the way, because something is mounted on it.
    private bool TryMakeRoom(SafeFileHandle parent, ReadOnlySpan<byte> name, TarEntry entry)
    {
        Check(Files.TryStatus(parent, name, followLink: false, out var status), entry);
        if (!status.IsDirectory)
            return Files.TryRemove(parent, name) is var errno && errno is Errno.None or Errno.NoEntry ? true : errno == Errno.Busy ? false : throw Error(errno, entry);
        return Replace(parent, name, entry, status);
    }

    private bool Replace(SafeFileHandle parent, ReadOnlySpan<byte> name, TarEntry entry, in FileStatus status)
    {
        if (!options.Overwrite)
            throw new ContainerEngineException(ErrorKind.NameInUse, "FileExists", $"error creating \"/{Encoding.UTF8.GetString(PathOf(entry.Name))}\": file exists, and is "
                + (status.IsDirectory ? "a directory" : "no directory"), Show(entry), "have it overwritten, or remove it first");
        CloseDirectories(except: parent);
        Files.RemoveTree(parent, name);
        return true;
    }

    private SafeFileHandle OpenParent(byte[] path, TarEntry entry, out ReadOnlySpan<byte> name)
    {
        if (path.Length == 0)
            throw TarError.Contradiction(entry.Name, "only a directory can be the root");
        TarPath.Split(path, out var directory, out name);
        return OpenDirectory(directory, create: true, entry);
    }

    private SafeFileHandle OpenDirectory(ReadOnlySpan<byte> path, bool create, TarEntry entry)
    {
        if (path.IsEmpty)
            return root;
        var key = Key(path);
        if (directories.TryGetValue(key, out var known))
            return known;
        var errno = TryOpen(path, OpenFlags.Path | OpenFlags.Directory, out var handle);
        if (errno == Errno.NoEntry && create)
        {
            TarPath.Split(path, out var above, out var name);
            var parent = OpenDirectory(above, create: true, entry);
            Check(TryMakeDirectory(parent, name), entry);
            var made = options.InTree(options.Owner?.UserId ?? 0, options.Owner?.GroupId ?? 0);
            Check(Files.TryChangeOwner(parent, name, made.UserId, made.GroupId), entry);
            Check(Files.TryChangeMode(parent, name, PublicDirectory), entry);
            errno = TryOpen(path, OpenFlags.Path | OpenFlags.Directory, out handle);
        }
        Check(errno, entry);
        directories.Add(key, handle!);
        return handle!;
    }

    private Errno TryOpen(ReadOnlySpan<byte> path, OpenFlags flags, out SafeFileHandle? handle) =>
        Files.TryOpenConfined(root, path.IsEmpty ? "."u8 : path, flags, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out handle);

    private void CloseDirectories(SafeFileHandle? except = null)
    {
        foreach (var (key, handle) in directories.ToList())
        {
            if (ReferenceEquals(handle, except))
                continue;
            directories.Remove(key);
            handle.Dispose();
        }
    }

    private byte[] PathOf(ReadOnlySpan<byte> name)
    {
        var path = TarPath.Normalise(name);
        return prefix.Length == 0 ? path.ToArray() : path.IsEmpty ? prefix : [.. prefix, (byte)'/', .. path];
    }

    private static uint NodeType(TarEntryType type) => type switch
    {
        TarEntryType.CharacterDevice => ModeBits.CharacterDevice,
        TarEntryType.BlockDevice => ModeBits.BlockDevice,
        _ => ModeBits.Fifo,
    };

    // A file system that can't hold it is no reason to leave out the file.
    private static void CheckAttribute(Errno errno, TarEntry entry, string attribute)
    {
        if (errno != Errno.NotSupported)
            LinuxError.Check(errno, $"set the attribute {attribute} of", Show(entry));
    }

    private static void Check(Errno errno, TarEntry entry)
    {
        if (errno != Errno.None)
            throw Error(errno, entry);
    }

    private static LinuxException Error(Errno errno, TarEntry entry) => LinuxError.Create(errno, "copy", Show(entry));

    private static string Show(TarEntry entry) => Encoding.UTF8.GetString(entry.Name);

    // One character a byte: a text that can be a dictionary's key and loses nothing.
    private static string Key(ReadOnlySpan<byte> path) => Encoding.Latin1.GetString(path);
}

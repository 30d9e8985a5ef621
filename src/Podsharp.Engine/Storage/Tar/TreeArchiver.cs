using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>Writes files and directories into a tar, each directory by name. It works on directory handles and follows no link, so
/// nothing outside the tree is read, whatever is done to it meanwhile.</summary>
/// <remarks>The tree may be in use: what vanishes is left out, a file that shrinks is filled up with zeros, one that grows is cut.</remarks>
internal sealed class TreeArchiver(TarWriter writer, CancellationToken cancellationToken, LayerRules? layer = null)
{
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), byte[]> linked = [];
    private readonly byte[] buffer = new byte[256 * 1024];

    /// <summary>The owner that all entries get; null for their own.</summary>
    internal (uint UserId, uint GroupId)? Owner { get; init; }

    /// <summary>The user ids of a namespace whose files these are; they are archived as they are inside of it.</summary>
    internal IReadOnlyList<IdMapping> UserMap { get; init; } = [];

    /// <summary>The group ids.</summary>
    internal IReadOnlyList<IdMapping> GroupMap { get; init; } = [];

    /// <summary>What becomes of times; null for the files' own.</summary>
    internal LayerTimes? Times { get; init; }

    /// <summary>Adds all that is in a directory, but not the directory itself.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="path">What its entries' names begin with, without a slash at the end; empty for none.</param>
    /// <param name="except">Names of entries to be left out.</param>
    internal void AddContent(SafeFileHandle directory, byte[] path, IReadOnlyCollection<string>? except = null)
    {
        var entries = Files.ReadDirectory(directory);
        entries.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        foreach (var entry in entries)
        {
            if (except is null || !except.Contains(Text(entry.Name)))
                Add(directory, entry.Name, path.Length == 0 ? entry.Name : [.. path, (byte)'/', .. entry.Name]);
        }
    }

    /// <summary>Adds what a handle names: a file, or a directory with all that is in it.</summary>
    /// <param name="file">The handle; one that only names the file (O_PATH) will do.</param>
    /// <param name="path">Its name in the archive; empty for a directory's content without itself.</param>
    /// <param name="except">Names of entries of the directory to be left out.</param>
    internal void AddOpened(SafeFileHandle file, byte[] path, IReadOnlyCollection<string>? except = null)
    {
        var status = Files.Status(file);
        switch (status.Type)
        {
            case ModeBits.Directory:
                using (var directory = Files.OpenAt(file, ".", OpenFlags.Directory))
                {
                    if (path.Length > 0)
                        writer.Add(Entry(TarEntryType.Directory, path, status) with { Attributes = OpenedAttributes(directory, path) });
                    AddContent(directory, path, except);
                }
                break;
            case ModeBits.Regular:
                // By the handle: its name may be another file's by now.
                using (var content = Files.Open($"/proc/self/fd/{(int)file.DangerousGetHandle()}", OpenFlags.ReadOnly | OpenFlags.NonBlocking))
                    AddContent(content, Files.Status(content), path);
                break;
            case ModeBits.Socket:
                break;
            default:
                writer.Add(Entry(NodeType(status.Type), path, status));
                break;
        }
    }

    /// <summary>Adds a file, or a directory with all that is in it.</summary>
    /// <param name="directory">The directory it is in.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="path">Its name in the archive.</param>
    internal void Add(SafeFileHandle directory, byte[] name, byte[] path)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var errno = Files.TryStatus(directory, name.AsSpan(), followLink: false, out var status);
        if (errno == Errno.NoEntry)
            return;
        LinuxError.Check(errno, "read the status of", Text(path));
        if (layer is { LeftOut.Count: > 0 } && layer.LeftOut.Contains(Text(path)))
            return;
        // Before links: an overlay's marks of deletion are links of each other.
        if (layer is not null && status is { Type: ModeBits.CharacterDevice, SpecialMajor: 0, SpecialMinor: 0 })
        {
            writer.Add(Mark(path.AsSpan(0, path.Length - name.Length), [.. ".wh."u8, .. name], mode: 0));
            return;
        }
        if (!status.IsDirectory && status.LinkCount > 1 && status.Type != ModeBits.Socket
            && !linked.TryAdd((status.DeviceMajor, status.DeviceMinor, status.Inode), path))
        {
            writer.Add(Entry(TarEntryType.HardLink, path, status) with { LinkName = linked[(status.DeviceMajor, status.DeviceMinor, status.Inode)] });
            return;
        }
        switch (status.Type)
        {
            case ModeBits.Regular:
                AddFile(directory, name, path);
                break;
            case ModeBits.Directory:
                AddDirectory(directory, name, path);
                break;
            case ModeBits.Symlink:
                if (Files.TryReadLink(directory, name.AsSpan()) is { } target)
                    writer.Add(Entry(TarEntryType.Symlink, path, status) with { LinkName = target, Attributes = Attributes(directory, name) });
                break;
            case ModeBits.Socket:
                break; // nobody listens on a copy, and a tar has no word for it
            default:
                writer.Add(Entry(NodeType(status.Type), path, status) with { Attributes = Attributes(directory, name) });
                break;
        }
    }

    /// <summary>Adds a directory without what is in it.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="path">Its name in the archive.</param>
    /// <param name="hidesBelow">Whether it hides what layers below have in it.</param>
    internal void AddDirectoryAlone(SafeFileHandle directory, byte[] path, bool hidesBelow)
    {
        writer.Add(Entry(TarEntryType.Directory, path, Files.Status(directory)) with { Attributes = OpenedAttributes(directory, path) });
        if (hidesBelow)
            writer.Add(Mark([.. path, (byte)'/'], ".wh..wh..opq"u8, mode: 0x1ED /* 0755 */));
    }

    private void AddDirectory(SafeFileHandle directory, byte[] name, byte[] path)
    {
        TreeDepth.Check(path);
        var errno = Files.TryOpenAt(directory, name.AsSpan(), OpenFlags.Directory | OpenFlags.NoFollow, 0, out var child);
        if (IsGone(errno))
            return;
        LinuxError.Check(errno, "open", Text(path));
        using (child)
        {
            AddDirectoryAlone(child!, path, layer is not null && Files.TryGetAttribute(child!, layer.OpaqueAttribute) is [(byte)'y']);
            AddContent(child!, path);
        }
    }

    private void AddFile(SafeFileHandle directory, byte[] name, byte[] path)
    {
        // Not blocking: somebody may have put a fifo in its place.
        var errno = Files.TryOpenAt(directory, name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal, 0, out var file);
        if (IsGone(errno))
            return;
        LinuxError.Check(errno, "open", Text(path));
        using (file)
        {
            var status = Files.Status(file!);
            if (!status.IsRegular)
                return;
            AddContent(file!, status, path);
        }
    }

    private void AddContent(SafeFileHandle file, in FileStatus status, byte[] path)
    {
        writer.Add(Entry(TarEntryType.File, path, status) with { Size = status.Size, Attributes = OpenedAttributes(file, path) });
        WriteContent(file, status.Size, path);
    }

    private void WriteContent(SafeFileHandle file, long size, byte[] path)
    {
        for (var remaining = size; remaining > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, remaining));
            var count = Files.Read(file, part, Text(path));
            if (count == 0)
            {
                part.Clear();
                count = part.Length;
            }
            writer.Write(part[..count]);
            remaining -= count;
        }
    }

    private TarEntry Entry(TarEntryType type, byte[] path, in FileStatus status)
    {
        var modified = Times is not null ? Times.Of(status.Modified) : layer is null ? status.Modified : status.Modified with { Nanoseconds = 0 };
        return new()
        {
            Name = path,
            Type = type,
            Size = 0,
            Mode = status.Mode & ModeBits.PermissionMask,
            UserId = Owner?.UserId ?? IdMapping.ToInside(UserMap, status.UserId) ?? IdMapping.Nobody,
            GroupId = Owner?.GroupId ?? IdMapping.ToInside(GroupMap, status.GroupId) ?? IdMapping.Nobody,
            Modified = modified,
            Accessed = modified,
            DeviceMajor = status.SpecialMajor,
            DeviceMinor = status.SpecialMinor,
        };
    }

    // Modes as podman's.
    private static TarEntry Mark(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name, uint mode) =>
        new() { Name = [.. directory, .. name], Type = TarEntryType.File, Size = 0, Mode = mode };

    /// <summary>The extended attributes of an open file that mean something elsewhere.</summary>
    internal static List<KeyValuePair<string, byte[]>> Attributes(SafeFileHandle file)
    {
        var attributes = new List<KeyValuePair<string, byte[]>>();
        foreach (var key in Files.ListAttributes(file))
        {
            if (IsPortable(key) && Files.TryGetAttribute(file, key) is { } value)
                attributes.Add(new(key, value));
        }
        return attributes;
    }

    // What an overlay or a security module of this host notes for itself means nothing elsewhere.
    private static List<KeyValuePair<string, byte[]>> Attributes(SafeFileHandle directory, byte[] name)
    {
        var attributes = new List<KeyValuePair<string, byte[]>>();
        foreach (var key in Files.ListAttributes(directory, name.AsSpan()))
        {
            if (IsPortable(key) && Files.TryGetAttribute(directory, name.AsSpan(), key) is { } value)
                attributes.Add(new(key, value));
        }
        return attributes;
    }

    private List<KeyValuePair<string, byte[]>> OpenedAttributes(SafeFileHandle file, byte[] path)
    {
        var attributes = new List<KeyValuePair<string, byte[]>>();
        foreach (var key in Files.ListAttributes(file))
        {
            if (layer is not null && (key.EndsWith(".overlay.metacopy", StringComparison.Ordinal) || key.EndsWith(".overlay.redirect", StringComparison.Ordinal)))
                throw EngineErrors.Unsupported($"/{Text(path)} lies partly in the layers below: the overlay is mounted with metacopy or redirect_dir", Text(path),
                    "squash the image into one layer, which is read through the mount");
            if (IsPortable(key) && Files.TryGetAttribute(file, key) is { } value)
                attributes.Add(new(key, value));
        }
        return attributes;
    }

    private static bool IsPortable(string key) => !key.StartsWith("trusted.", StringComparison.Ordinal)
        && !key.StartsWith("user.overlay.", StringComparison.Ordinal) && (!key.StartsWith("security.", StringComparison.Ordinal) || key == "security.capability");

    private static TarEntryType NodeType(uint type) => type switch
    {
        ModeBits.CharacterDevice => TarEntryType.CharacterDevice,
        ModeBits.BlockDevice => TarEntryType.BlockDevice,
        _ => TarEntryType.Fifo,
    };

    private static bool IsGone(Errno errno) => errno is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymlinks;

    private static string Text(byte[] path) => System.Text.Encoding.UTF8.GetString(path);
}

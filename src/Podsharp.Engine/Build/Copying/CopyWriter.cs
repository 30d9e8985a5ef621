using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Copying;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Build.Copying;

/// <summary>Carries out a COPY or ADD: reads each file once, for the digest of what is copied and, where the result isn't known yet, for the layer.</summary>
/// <param name="order">What to do.</param>
/// <param name="hash">Gets all that is read.</param>
/// <param name="layer">The layer; null where only the digest is wanted.</param>
/// <param name="writer">Its tar.</param>
/// <param name="owner">The owner in the layer, where it isn't the order's: the digest knows no names, since what they mean the layers below tell.</param>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class CopyWriter(CopyOrder order, ContentHash hash, LayerBuilder? layer, TarWriter? writer, (uint UserId, uint GroupId)? owner, CancellationToken cancellationToken)
{
    private const uint SetIdBits = 0xC00; // 06000
    private readonly byte[] buffer = new byte[256 * 1024];
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), string> linked = [];

    /// <summary>Does it.</summary>
    internal void Run()
    {
        foreach (var source in order.Sources)
        {
            hash.Append(source.Unpack ? "unpack"u8 : source.IsDirectory ? "tree"u8 : "file"u8);
            if (source.Unpack)
                Unpack(source);
            else if (source.IsDirectory)
                CopyDirectory(source);
            else
                CopyFile(source);
        }
    }

    private void CopyDirectory(CopySource source)
    {
        using var directory = source.Tree.TryOpen(source.Path, OpenFlags.Directory) ?? throw Gone(source.Path);
        var target = layer?.MakeDirectory(RawPath.Join(order.Destination, source.Name)) ?? "";
        CopyContent(source, directory, source.Path, target, relative: source.Name, static () => { });
    }

    private void CopyContent(CopySource source, SafeFileHandle directory, string path, string target, string relative, Action before)
    {
        var entries = Files.ReadDirectory(directory);
        entries.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = RawPath.FromBytes(entry.Name);
            var selection = source.Select?.Invoke(RawPath.Join(path, name)) ?? FileSelection.Copied;
            if (selection == FileSelection.LeftOutWhole)
                continue;
            Files.TryStatus(directory, entry.Name.AsSpan(), followLink: false, out var status);
            if (status.IsDirectory)
            {
                CopySubdirectory(source, directory, name, path, target, relative, selection, before);
            }
            else if (selection == FileSelection.Copied && status.Type is not (0 or ModeBits.Socket))
            {
                before();
                CopyItem(directory, entry.Name, status, RawPath.Join(target, name), RawPath.Join(relative, name));
            }
        }
    }

    // One that is left out is there nevertheless if something below it isn't.
    private void CopySubdirectory(CopySource source, SafeFileHandle parent, string name, string path, string target, string relative, FileSelection selection, Action before)
    {
        if (Files.TryOpenAt(parent, RawPath.Bytes(name).AsSpan(), OpenFlags.Directory | OpenFlags.NoFollow, 0, out var directory) != Errno.None)
            return;
        using (directory)
        {
            Storage.TreeDepth.Check(RawPath.Bytes(RawPath.Join(relative, name)));
            var child = RawPath.Join(target, name);
            if (layer?.TypeOf(child) == ModeBits.Symlink)
                child = layer.Resolve(child);
            var isMade = false;
            void Make()
            {
                if (isMade)
                    return;
                isMade = true;
                before();
                var entry = Entry(TarEntryType.Directory, Files.Status(directory!)) with { Attributes = TreeArchiver.Attributes(directory!) };
                hash.Add(RawPath.Join(relative, name), ModeBits.Directory, "", entry);
                layer?.AddDirectory(child, Owned(entry));
            }
            if (selection == FileSelection.Copied)
                Make();
            CopyContent(source, directory!, RawPath.Join(path, name), child, RawPath.Join(relative, name), Make);
        }
    }

    private void CopyFile(CopySource source)
    {
        var target = layer is null ? "" : TargetOf(source);
        if (source.Text is { } text)
        {
            var entry = new TarEntry
            {
                Name = [],
                Type = TarEntryType.File,
                Size = text.Length,
                Mode = Mode(source.Mode ?? 0x1A4 /* 0644 */, isDirectory: false),
                UserId = order.Owner?.UserId ?? 0,
                GroupId = order.Owner?.GroupId ?? 0,
                Modified = new(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 0),
            };
            hash.Add(source.Name, ModeBits.Regular, "", entry);
            hash.Append(text);
            layer?.Add(target, ModeBits.Regular, "", Owned(entry));
            writer?.Write(text);
            return;
        }
        using var file = source.Tree.TryOpen(source.Path, OpenFlags.Path) ?? throw Gone(source.Path);
        var status = Files.Status(file);
        if (status.IsRegular)
        {
            using var content = Files.Open($"/proc/self/fd/{(int)file.DangerousGetHandle()}", OpenFlags.ReadOnly | OpenFlags.NonBlocking);
            CopyContent(content, Files.Status(content), target, source.Name, source.Mode);
        }
        else
        {
            CopyNode(status, "", target, source.Name);
        }
    }

    private string TargetOf(CopySource source)
    {
        var destination = order.Destination;
        if (order.IntoDirectory || layer!.TypeOf(layer.Resolve(destination)) == ModeBits.Directory)
            return RawPath.Join(layer!.MakeDirectory(RawPath.Join(destination, RawPath.Parent(source.Name))), RawPath.Name(source.Name));
        return RawPath.Join(layer.MakeDirectory(RawPath.Parent(destination)), RawPath.Name(destination));
    }

    private void CopyItem(SafeFileHandle directory, byte[] name, in FileStatus status, string target, string relative)
    {
        switch (status.Type)
        {
            case ModeBits.Regular:
                if (status.LinkCount > 1 && !linked.TryAdd((status.DeviceMajor, status.DeviceMinor, status.Inode), target))
                {
                    var first = linked[(status.DeviceMajor, status.DeviceMinor, status.Inode)];
                    var link = Entry(TarEntryType.HardLink, status) with { LinkName = RawPath.Bytes(first) };
                    // What it is the same as, the order tells; where that is copied to is no part of the content.
                    hash.Add(relative, ModeBits.Regular, "link", link);
                    layer?.Add(target, ModeBits.Regular, "", Owned(link));
                    return;
                }
                if (Files.TryOpenAt(directory, name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking, 0, out var file) != Errno.None)
                    return;
                using (file)
                    CopyContent(file!, Files.Status(file!), target, relative, mode: null);
                break;
            case ModeBits.Symlink:
                if (Files.TryReadLink(directory, name.AsSpan()) is { } link2)
                    CopyNode(status, RawPath.FromBytes(link2), target, relative);
                break;
            default:
                CopyNode(status, "", target, relative);
                break;
        }
    }

    private void CopyContent(SafeFileHandle file, in FileStatus status, string target, string relative, uint? mode)
    {
        if (!status.IsRegular)
            return;
        var entry = Entry(TarEntryType.File, status) with { Size = status.Size, Attributes = TreeArchiver.Attributes(file) };
        if (mode is { } given)
            entry = entry with { Mode = Mode(given, isDirectory: false) };
        hash.Add(relative, ModeBits.Regular, "", entry);
        layer?.Add(target, ModeBits.Regular, "", Owned(entry));
        for (var remaining = status.Size; remaining > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, remaining));
            var count = Files.Read(file, part, RawPath.ToText(relative));
            if (count == 0)
            {
                // Somebody has shortened it since.
                part.Clear();
                count = part.Length;
            }
            hash.Append(part[..count]);
            writer?.Write(part[..count]);
            remaining -= count;
        }
    }

    private void CopyNode(in FileStatus status, string link, string target, string relative)
    {
        var type = status.Type switch
        {
            ModeBits.Symlink => TarEntryType.Symlink,
            ModeBits.CharacterDevice => TarEntryType.CharacterDevice,
            ModeBits.BlockDevice => TarEntryType.BlockDevice,
            _ => TarEntryType.Fifo,
        };
        var entry = Entry(type, status) with { LinkName = RawPath.Bytes(link) };
        if (type == TarEntryType.Symlink)
            entry = entry with { Mode = status.Mode & ModeBits.PermissionMask };
        hash.Add(relative, status.Type, link, entry);
        layer?.Add(target, status.Type, link, Owned(entry));
    }

    private TarEntry Entry(TarEntryType type, in FileStatus status) => new()
    {
        Name = [],
        Type = type,
        Size = 0,
        Mode = Mode(status.Mode & ModeBits.PermissionMask & ~(order.DropsPrivileges ? SetIdBits : 0), type == TarEntryType.Directory),
        UserId = order.Owner?.UserId ?? status.UserId,
        GroupId = order.Owner?.GroupId ?? status.GroupId,
        Modified = status.Modified,
        DeviceMajor = status.SpecialMajor,
        DeviceMinor = status.SpecialMinor,
    };

    private uint Mode(uint own, bool isDirectory) => order.Mode?.Apply(own, isDirectory) ?? own;

    private TarEntry Owned(TarEntry entry) => owner is { } given ? entry with { UserId = given.UserId, GroupId = given.GroupId } : entry;

    private void Unpack(CopySource source)
    {
        using (var file = source.Tree.TryOpen(source.Path, OpenFlags.ReadOnly) ?? throw Gone(source.Path))
        {
            for (int count; (count = Files.Read(file, buffer)) > 0;)
                hash.Append(buffer.AsSpan(0, count));
        }
        if (layer is null)
            return;
        using var archive = ArchiveFile.Open(source.Tree, source.Path, order.FindProgram);
        var target = layer.MakeDirectory(order.Destination);
        ArchiveInput.RunAsync(archive.Content, (input, stop) => Unpack(input, target, stop), cancellationToken).GetAwaiter().GetResult();
        archive.Finish();
    }

    private void Unpack(ITarInput input, string target, CancellationToken stop)
    {
        var reader = new TarReader(input, null);
        while (reader.Next() is { } entry)
        {
            stop.ThrowIfCancellationRequested();
            var name = RawPath.Clean(RawPath.FromBytes(entry.Name));
            // An archive's owners are meant, unless somebody else is named.
            var owned = Owned(entry) with
            {
                Mode = entry.Type == TarEntryType.Symlink ? entry.Mode : Mode(entry.Mode, entry.Type == TarEntryType.Directory),
            };
            if (name.Length == 0)
                continue;
            var path = RawPath.Join(layer!.MakeDirectory(RawPath.Join(target, RawPath.Parent(name))), RawPath.Name(name));
            switch (entry.Type)
            {
                case TarEntryType.Directory:
                    layer.AddDirectory(layer.TypeOf(path) == ModeBits.Symlink ? layer.Resolve(path) : path, owned);
                    break;
                case TarEntryType.HardLink:
                    var first = layer.Resolve(RawPath.Join(target, RawPath.Clean(RawPath.FromBytes(entry.LinkName))));
                    layer.Add(path, ModeBits.Regular, "", owned with { LinkName = RawPath.Bytes(first) });
                    break;
                default:
                    layer.Add(path, TypeOf(entry.Type), RawPath.FromBytes(entry.LinkName), owned);
                    break;
            }
            for (ReadOnlySpan<byte> part; entry.Type == TarEntryType.File && !(part = reader.ReadData(buffer.Length)).IsEmpty;)
                writer!.Write(part);
        }
        reader.Finish();
    }

    private static uint TypeOf(TarEntryType type) => type switch
    {
        TarEntryType.File => ModeBits.Regular,
        TarEntryType.Symlink => ModeBits.Symlink,
        TarEntryType.CharacterDevice => ModeBits.CharacterDevice,
        TarEntryType.BlockDevice => ModeBits.BlockDevice,
        _ => ModeBits.Fifo,
    };

    private static Model.ContainerEngineException Gone(string path) =>
        new(Model.ErrorKind.NotFound, "CopySourceNotFound", $"{RawPath.ToText(path)} has gone while it was being copied", RawPath.ToText(path));
}

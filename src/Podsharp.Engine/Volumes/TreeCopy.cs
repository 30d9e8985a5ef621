using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Security;

namespace Podsharp.Engine.Volumes;

/// <summary>Copies a directory's content with owners, modes, extended attributes, times, links and devices. It works on directory
/// handles and follows no link, so nothing outside the two trees is read or written, whatever the names are.</summary>
internal sealed class TreeCopy
{
    private readonly SafeFileHandle targetRoot;
    private readonly CancellationToken cancellationToken;
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), byte[]> linked = [];
    private readonly byte[] buffer = new byte[128 * 1024];

    private readonly Func<FileStatus, (uint User, uint Group)> owner;

    private TreeCopy(SafeFileHandle targetRoot, Func<FileStatus, (uint User, uint Group)>? owner, CancellationToken cancellationToken)
    {
        this.targetRoot = targetRoot;
        this.owner = owner ?? (status => (status.UserId, status.GroupId));
        this.cancellationToken = cancellationToken;
    }

    /// <summary>Copies what is in one directory to another, empty one, and gives that the first one's owner, mode, attributes and times.</summary>
    /// <param name="source">The one.</param>
    /// <param name="target">The other.</param>
    /// <param name="owner">Whose a copy is to be; null keeps the owner.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static void Copy(SafeFileHandle source, SafeFileHandle target, Func<FileStatus, (uint User, uint Group)>? owner, CancellationToken cancellationToken)
    {
        var copy = new TreeCopy(target, owner, cancellationToken);
        copy.CopyContent(source, target, []);
        copy.Finish(Files.Status(source), source, ".", target, ".", target);
    }

    private void CopyContent(SafeFileHandle source, SafeFileHandle target, byte[] path)
    {
        foreach (var entry in Files.ReadDirectory(source))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = entry.Name;
            LinuxError.Check(Files.TryStatus(source, name.AsSpan(), false, out var status), "read the status of", Text(name));
            byte[] full = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
            if (!status.IsDirectory && status.LinkCount > 1 && CopyLink(status, target, name, full)) continue;
            CopyEntry(source, target, name, full, status);
        }
    }

    // A file with several names keeps them.
    private bool CopyLink(in FileStatus status, SafeFileHandle target, byte[] name, byte[] full)
    {
        if (linked.TryAdd((status.DeviceMajor, status.DeviceMinor, status.Inode), full)) return false;
        var first = linked[(status.DeviceMajor, status.DeviceMinor, status.Inode)];
        LinuxError.Check(Files.TryMakeLink(targetRoot, first.AsSpan(), target, name.AsSpan()), "link", Text(name));
        return true;
    }

    private void CopyEntry(SafeFileHandle source, SafeFileHandle target, byte[] name, byte[] full, in FileStatus status)
    {
        switch (status.Type)
        {
            case ModeBits.Directory:
                CopyDirectory(source, target, name, full, status);
                break;
            case ModeBits.Regular:
                CopyFile(source, target, name, status);
                break;
            case ModeBits.Symlink:
                var to = Files.TryReadLink(source, name.AsSpan()) ?? [];
                LinuxError.Check(Files.TryMakeSymlink(to.AsSpan(), target, name.AsSpan()), "link", Text(name));
                FinishByName(source, target, name, status);
                break;
            case ModeBits.Socket:
                break; // nobody listens on a copy
            default:
                LinuxError.Check(Files.TryMakeNode(target, name.AsSpan(), status.Mode, status.SpecialMajor, status.SpecialMinor), "make the device", Text(name));
                FinishByName(source, target, name, status);
                break;
        }
    }

    private void CopyDirectory(SafeFileHandle source, SafeFileHandle target, byte[] name, byte[] full, in FileStatus status)
    {
        LinuxError.Check(Files.TryMakeDirectory(target, name.AsSpan(), 0x1C0 /* 0700 until it is complete */), "create the directory", Text(name));
        using var from = Files.OpenAt(source, name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        using var to = Files.OpenAt(target, name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        CopyContent(from, to, full);
        Finish(status, source, name.AsSpan(), target, name.AsSpan(), to);
    }

    private void CopyFile(SafeFileHandle source, SafeFileHandle target, byte[] name, in FileStatus status)
    {
        using var from = Files.OpenAt(source, name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        using var to = Files.OpenAt(target, name.AsSpan(), OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x180 /* 0600 until it is complete */);
        for (int count; (count = Files.Read(from, buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Files.Write(to, buffer.AsSpan(0, count));
        }
        Finish(status, source, name.AsSpan(), target, name.AsSpan(), to);
    }

    // The owner first: changing it clears set-user-id bits and file capabilities. The times last: all else changes them.
    private void Finish(in FileStatus status, SafeFileHandle source, CPath from, SafeFileHandle target, CPath name, SafeFileHandle to)
    {
        var (user, group) = owner(status);
        LinuxError.Check(Files.TryChangeOwner(to, user, group), "change the owner of", name.ToString());
        CopyAttributes(source, from, target, name);
        Files.ChangeMode(to, status.Mode & ModeBits.PermissionMask);
        LinuxError.Check(Files.TryChangeTimes(to, status.Accessed, status.Modified), "change the times of", name.ToString());
    }

    private void FinishByName(SafeFileHandle source, SafeFileHandle target, byte[] name, in FileStatus status)
    {
        var (user, group) = owner(status);
        LinuxError.Check(Files.TryChangeOwner(target, name.AsSpan(), user, group), "change the owner of", Text(name));
        if (!status.IsSymlink) LinuxError.Check(Files.TryChangeMode(target, name.AsSpan(), status.Mode & ModeBits.PermissionMask), "change the mode of", Text(name));
        CopyAttributes(source, name.AsSpan(), target, name.AsSpan());
        LinuxError.Check(Files.TryChangeTimes(target, name.AsSpan(), status.Accessed, status.Modified), "change the times of", Text(name));
    }

    private static void CopyAttributes(SafeFileHandle source, CPath from, SafeFileHandle target, CPath to)
    {
        foreach (var attribute in Files.ListAttributes(source, from))
        {
            // An overlay's own marks say something about layers, which a volume has none of.
            if (attribute.StartsWith("trusted.overlay.", StringComparison.Ordinal) || attribute.StartsWith("user.overlay.", StringComparison.Ordinal)) continue;
            // The label is the place's, not the file's: a volume isn't to have one container's.
            if (attribute == FileLabels.Attribute || Files.TryGetAttribute(source, from, attribute) is not { } value) continue;
            var errno = Files.TrySetAttribute(target, to, attribute, value);
            // A file system without attributes must not hinder the rest.
            if (errno is not (Errno.None or Errno.NotSupported))
                LinuxError.Check(errno, $"set the attribute {attribute} of", to.ToString());
        }
    }

    private static string Text(byte[] name) => System.Text.Encoding.UTF8.GetString(name);
}

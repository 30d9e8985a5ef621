using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Gives a directory with all in it to a user: the mount option <c>U</c>.</summary>
internal static class OwnerChange
{
    /// <summary>Refuses directories of the system.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void Check(string path)
    {
        if (ProtectedPaths.Contains(path))
            throw EngineErrors.InvalidArgument($"the owner of {path} must not be changed (mount option U)", path, "leave the option U out, or mount a directory below it");
    }

    /// <summary>Changes the owner of everything that has another one.</summary>
    internal static void Apply(string path, (uint User, uint Group) owner, CancellationToken cancellationToken)
    {
        Change(Files.Absolute, path, owner);
        if (Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var directory) != Errno.None) return;
        using (directory) ChangeContent(directory!, owner, cancellationToken);
    }

    private static void ChangeContent(SafeFileHandle directory, (uint User, uint Group) owner, CancellationToken cancellationToken)
    {
        foreach (var entry in Files.ReadDirectory(directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Change(directory, entry.Name.AsSpan(), owner);
            if (Files.TryOpenAt(directory, entry.Name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var inner) != Errno.None) continue;
            using (inner) ChangeContent(inner!, owner, cancellationToken);
        }
    }

    private static void Change(SafeFileHandle directory, CPath name, (uint User, uint Group) owner)
    {
        if (Files.TryStatus(directory, name, false, out var status) != Errno.None || (status.UserId == owner.User && status.GroupId == owner.Group)) return;
        LinuxError.Check(Files.TryChangeOwner(directory, name, owner.User, owner.Group), "change the owner of", name.ToString());
        // The change clears set-user-id bits.
        if (!status.IsSymlink && (status.Mode & (ModeBits.SetUserId | ModeBits.SetGroupId)) != 0)
            LinuxError.Check(Files.TryChangeMode(directory, name, status.Mode & ModeBits.PermissionMask), "change the mode of", name.ToString());
    }
}

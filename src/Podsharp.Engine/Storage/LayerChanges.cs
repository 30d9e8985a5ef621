using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>What a layer changes in those below it: read off its own directory, so that nothing has to be mounted.</summary>
/// <remarks>Order and rules are podman's: each directory by name, a directory before what is in it; directories above something
/// that came or went count as changed; one that was only copied up does not.</remarks>
internal sealed class LayerChanges : IDisposable
{
    private readonly List<SafeFileHandle> lowers = [];
    private readonly HashSet<string> directories = new(StringComparer.Ordinal);
    private readonly List<FileSystemChange> changes = [];
    private readonly string opaqueAttribute;
    private readonly CancellationToken cancellationToken;

    private LayerChanges(bool rootless, CancellationToken cancellationToken)
    {
        opaqueAttribute = OpaqueAttribute(rootless);
        this.cancellationToken = cancellationToken;
    }

    /// <summary>The extended attribute of a directory in a layer that hides those below.</summary>
    /// <param name="rootless">Whether the store is an ordinary user's.</param>
    internal static string OpaqueAttribute(bool rootless) => rootless ? "user.overlay.opaque" : "trusted.overlay.opaque";

    /// <summary>The changes of the first layer of a chain to the others.</summary>
    /// <param name="chain">The layer and those below it, the top first.</param>
    /// <param name="rootless">Whether the store is an ordinary user's.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static IReadOnlyList<FileSystemChange> Read(IReadOnlyList<StoredLayer> chain, bool rootless, CancellationToken cancellationToken)
    {
        using var reader = new LayerChanges(rootless, cancellationToken);
        foreach (var layer in chain.Skip(1))
            reader.lowers.Add(Files.Open(layer.DirectoryPath + "/diff", OpenFlags.Directory));
        using var root = Files.Open(chain[0].DirectoryPath + "/diff", OpenFlags.Directory);
        reader.Walk(root, [], isBelow: true);
        return reader.changes;
    }

    /// <inheritdoc/>
    public void Dispose() => lowers.ForEach(lower => lower.Dispose());

    // isBelow: whether the layers below have that directory; in one they don't have, nothing needs to be looked for.
    private void Walk(SafeFileHandle directory, byte[] path, bool isBelow)
    {
        TreeDepth.Check(path);
        var entries = Files.ReadDirectory(directory);
        entries.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A container may be at work in it: what is gone by now is not there.
            if (Files.TryStatus(directory, entry.Name.AsSpan(), followLink: false, out var status) != Errno.None)
                continue;
            byte[] full = path.Length == 0 ? entry.Name : [.. path, (byte)'/', .. entry.Name];
            var lower = isBelow ? FindBelow(full) : null;
            Add(full, status, lower, () => IsOpaque(directory, entry.Name, opaqueAttribute));
            if (status.IsDirectory && Files.TryOpenAt(directory, entry.Name.AsSpan(), OpenFlags.Directory | OpenFlags.NoFollow, 0, out var child) == Errno.None)
            {
                using (child)
                    Walk(child!, full, lower is { IsDirectory: true });
            }
        }
    }

    private void Add(byte[] path, in FileStatus status, FileStatus? lower, Func<bool> isOpaque)
    {
        var kind = lower is null ? FileSystemChangeKind.Added : FileSystemChangeKind.Changed;
        if (IsWhiteout(status) || (status.IsDirectory && lower is not null && isOpaque()))
            kind = FileSystemChangeKind.Deleted;
        else if (lower is { } below && status.IsDirectory && IsOnlyCopied(status, below))
            return;
        var text = "/" + Encoding.UTF8.GetString(path);
        if (status.IsDirectory)
            directories.Add(text);
        if (kind != FileSystemChangeKind.Changed)
            AddParents(text);
        changes.Add(new(kind, text));
    }

    private void AddParents(string path)
    {
        var unseen = new Stack<string>();
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (directories.Add(path[..slash]))
                unseen.Push(path[..slash]);
        }
        foreach (var parent in unseen)
            changes.Add(new(FileSystemChangeKind.Changed, parent));
    }

    // What the layers below show at a path, or null. A whiteout, a file in a directory's place or an opaque directory on the way hides
    // all that lies deeper.
    private FileStatus? FindBelow(byte[] path)
    {
        foreach (var lower in lowers)
        {
            for (var end = 0; ;)
            {
                end = path.AsSpan(end + 1).IndexOf((byte)'/') is var next and >= 0 ? end + 1 + next : path.Length;
                if (TryStatus(lower, path.AsSpan(0, end), out var status) != Errno.None)
                    break;
                if (end == path.Length)
                    return IsWhiteout(status) ? null : status;
                if (!status.IsDirectory)
                    return null;
            }
            if (HidesBelow(lower, path))
                return null;
        }
        return null;
    }

    private bool HidesBelow(SafeFileHandle lower, byte[] path)
    {
        for (var end = path.AsSpan().IndexOf((byte)'/'); end > 0;)
        {
            if (TryStatus(lower, path.AsSpan(0, end), out _) != Errno.None)
                return false;
            if (IsOpaque(lower, path[..end], opaqueAttribute))
                return true;
            var next = path.AsSpan(end + 1).IndexOf((byte)'/');
            end = next < 0 ? -1 : end + 1 + next;
        }
        return false;
    }

    private static Errno TryStatus(SafeFileHandle root, ReadOnlySpan<byte> path, out FileStatus status)
    {
        status = default;
        var errno = Files.TryOpenConfined(root, path, OpenFlags.Path | OpenFlags.NoFollow, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks, 0, out var file);
        if (errno != Errno.None)
            return errno;
        using (file)
            status = Files.Status(file!);
        return Errno.None;
    }

    /// <summary>Whether a directory of a layer hides those below.</summary>
    internal static bool IsOpaque(SafeFileHandle directory, byte[] path, string attribute) =>
        Files.TryGetAttribute(directory, path.AsSpan(), attribute) is [(byte)'y'];

    /// <summary>Whether a layer's entry says that there is nothing any more.</summary>
    internal static bool IsWhiteout(in FileStatus status) =>
        status.Type == ModeBits.CharacterDevice && status is { SpecialMajor: 0, SpecialMinor: 0 };

    private static bool IsOnlyCopied(in FileStatus upper, in FileStatus lower) => lower.IsDirectory && upper.Mode == lower.Mode
        && upper.Size == lower.Size && IsSameTime(upper.Modified, lower.Modified);

    // Some writers of archives cut times to seconds, some round them.
    private static bool IsSameTime(FileTime a, FileTime b) => a == b || ((a.Nanoseconds == 0 || b.Nanoseconds == 0)
        && (a.Seconds == b.Seconds || (b.Nanoseconds == 0 && a.Seconds == b.Seconds - 1) || (a.Nanoseconds == 0 && b.Seconds == a.Seconds - 1)));
}

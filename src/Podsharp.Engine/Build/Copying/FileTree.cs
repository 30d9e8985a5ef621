using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Build.Copying;

/// <summary>A tree of files that is looked at: a context, or the root of a stage or an image. Nothing outside is ever reached, whatever links it holds.</summary>
/// <param name="root">Its directory; null for a tree without any file. The caller's to dispose of.</param>
internal sealed class FileTree(SafeFileHandle? root)
{
    private const ResolveFlags Confined = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;

    /// <summary>A tree without any file.</summary>
    internal static FileTree Empty { get; } = new(null);

    /// <summary>What is there, a link itself; null for nothing.</summary>
    internal FileStatus? TryStatus(string path)
    {
        using var file = TryOpen(path, OpenFlags.Path | OpenFlags.NoFollow);
        return file is null ? null : Files.Status(file);
    }

    /// <summary>Opens what is there; null for nothing. A link at its end is followed unless the flags say otherwise.</summary>
    internal SafeFileHandle? TryOpen(string path, OpenFlags flags)
    {
        if (root is null)
            return null;
        var errno = Files.TryOpenConfined(root, path.Length == 0 ? "." : RawPath.Bytes(path).AsSpan(), flags, Confined, 0, out var file);
        if (errno is Errno.NoEntry or Errno.NotDirectory or Errno.TooManySymlinks)
            return null;
        LinuxError.Check(errno, "open", RawPath.ToText(path));
        return file;
    }

    /// <summary>Where a link leads, as it says it; null for no link.</summary>
    internal string? TryReadLink(string path)
    {
        using var directory = TryOpen(RawPath.Parent(path), OpenFlags.Path | OpenFlags.Directory);
        return directory is not null && Files.TryReadLink(directory, RawPath.Bytes(RawPath.Name(path)).AsSpan()) is { } target ? RawPath.FromBytes(target) : null;
    }

    /// <summary>The entries of a directory in order; none where there is no directory.</summary>
    internal IReadOnlyList<string> List(string path)
    {
        using var directory = TryOpen(path, OpenFlags.Directory);
        if (directory is null)
            return [];
        var names = Files.ReadDirectory(directory).ConvertAll(entry => RawPath.FromBytes(entry.Name));
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The text of a file; null for none.</summary>
    internal byte[]? TryRead(string path)
    {
        using var file = TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        return file is null || !Files.Status(file).IsRegular ? null : Files.ReadToEnd(file, RawPath.ToText(path));
    }
}

using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.Engine.Security;

/// <summary>The SELinux labels of files, as extended attributes: never followed through a link.</summary>
internal static class FileLabels
{
    /// <summary>The attribute that holds the label.</summary>
    internal const string Attribute = "security.selinux";

    /// <summary>Whether a mount's content is to get a label.</summary>
    internal static bool IsAskedFor(ContainerMount mount) => mount.Options.Contains("z") || mount.Options.Contains("Z");

    /// <summary>A label without the categories that are a container's own.</summary>
    internal static string Shared(string label) => SELinuxContext.Parse(label).Shared().ToString();

    /// <summary>Labels one file, where its file system holds labels.</summary>
    internal static void Set(string path, string label)
    {
        if (label.Length > 0)
            Set(Files.Absolute, path, Encoding.UTF8.GetBytes(label));
    }

    /// <summary>Labels a directory with all in it: the mount options <c>z</c> and <c>Z</c>. It gets its own label last, so one that has it was done to the end.</summary>
    /// <param name="path">The directory, or a file.</param>
    /// <param name="label">The label.</param>
    /// <param name="again">Whether what has it already is left alone: nothing was put there since that needs it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ContainerEngineException">PermissionDenied.</exception>
    internal static void SetTree(string path, string label, bool again, CancellationToken cancellationToken)
    {
        CheckTree(path, []);
        (path, var value) = (RealPath(path), Encoding.UTF8.GetBytes(label));
        if (again && Has(Files.Absolute, path, value))
            return;
        if (Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var directory) == Errno.None)
            using (directory) SetContent(directory!, value, cancellationToken);
        Set(Files.Absolute, path, value);
    }

    /// <summary>Refuses to label what the host itself lives on.</summary>
    /// <param name="path">What is to be labelled.</param>
    /// <param name="homes">Home directories.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void CheckTree(string path, IReadOnlyList<string> homes)
    {
        var real = RealPath(path);
        if (ProtectedPaths.Contains(real) || homes.Any(home => home.TrimEnd('/') == real.TrimEnd('/')))
            throw EngineErrors.InvalidArgument($"SELinux relabeling of {path} is not allowed", path, "leave the options z and Z out, or mount a directory below it");
    }

    // A mount follows a link, too.
    private static string RealPath(string path)
    {
        using var file = Files.Open(path, OpenFlags.Path);
        return Encoding.UTF8.GetString(Files.TryReadLink(Files.Absolute, $"/proc/self/fd/{(int)file.DangerousGetHandle()}") ?? []);
    }

    private static void SetContent(SafeFileHandle directory, byte[] value, CancellationToken cancellationToken)
    {
        foreach (var entry in Files.ReadDirectory(directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Files.TryOpenAt(directory, entry.Name.AsSpan(), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var inner) == Errno.None)
                using (inner) SetContent(inner!, value, cancellationToken);
            Set(directory, entry.Name.AsSpan(), value);
        }
    }

    private static void Set(SafeFileHandle directory, CPath name, byte[] value)
    {
        if (Has(directory, name, value))
            return;
        var errno = Files.TrySetAttribute(directory, name, Attribute, value);
        // Some file systems have one label for all; and what was removed meanwhile needs none.
        if (errno is not (Errno.None or Errno.NotSupported or Errno.NoEntry))
            LinuxError.Check(errno, "change the SELinux label of", name.ToString());
    }

    // The kernel tells it with a zero at its end.
    private static bool Has(SafeFileHandle directory, CPath name, byte[] value) =>
        Files.TryGetAttribute(directory, name, Attribute) is { } present && present.AsSpan().TrimEnd((byte)0).SequenceEqual(value);
}
